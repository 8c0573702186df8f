using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Topics;

public sealed class TopicRetentionTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly HubFolder _folder = new();
    private readonly TestClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Segments_expire_by_their_newest_record()
    {
        await using var storage = Open();
        await storage.CreateAsync("ticks", 1, WithRetention(Hour));
        await FillAsync(storage, 20);
        await RollLogFileAsync(storage);
        var fileCount = LogFiles();

        _clock.Advance(Hour);
        await EnforceAsync(storage);
        storage.Topic("ticks").Partitions[0].LogStart.ShouldBe(0);
        LogFiles().ShouldBe(fileCount);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await FillAsync(storage, 1);
        await EnforceAsync(storage);
        storage.ReadAll("ticks").Select(r => r.Offset).ShouldBe([20]);
        await RollLogFileAsync(storage);
        await UntilAsync(storage, () => DataCopy.LogBytes(_folder.Data) < 2 * 16_500);
        IndexFileCount().ShouldBeLessThanOrEqualTo(1, "indexes are deleted with their files");
    }

    [Fact]
    public async Task Idle_topic_expires_completely_and_keeps_offsets()
    {
        await using (var storage = Open())
        {
            await storage.CreateAsync("ticks", 1, WithRetention(Hour));
            await FillAsync(storage, 3);
            _clock.Advance(Hour + Hour);
            await EnforceAsync(storage);
            storage.ReadAll("ticks").ShouldBeEmpty();
            storage.Topic("ticks").Partitions[0].LogStart.ShouldBe(3);
            await UntilAsync(storage, () => DataCopy.LogBytes(_folder.Data) < 1000);
        }

        await using var reopened = Open();
        reopened.Topic("ticks").Partitions[0].LogStart.ShouldBe(3);
        (await reopened.AppendAsync("ticks", 0, Batches.Of(["new"], timestamp: _clock.Now))).ShouldBe((ErrorCode.None, 3L));
        reopened.ReadAll("ticks").ShouldBe([(3, "new")]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Slow_topic_expires_close_to_retention(bool restarted)
    {
        var storage = Open();
        await storage.CreateAsync("ticks", 1, WithRetention(Hour));
        var minutes = 0;
        for (; minutes < 600; minutes++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await storage.AppendAsync("ticks", 0, Batches.Of(["x"], timestamp: _clock.Now));
            if (restarted && minutes % 10 == 0)
            {
                await storage.DisposeAsync();
                storage = Open();
            }

            await EnforceAsync(storage);
        }

        var start = storage.Topic("ticks").Partitions[0].LogStart;
        (minutes - start).ShouldBeInRange(60, 60 + 20, "an hour, plus a quarter of it for the growing segment");
        await storage.DisposeAsync();
    }

    [Fact]
    public async Task Oldest_segments_expire_by_size()
    {
        await using var storage = Open();
        await storage.CreateAsync("ticks", 2, new TopicSettings { SegmentBytes = 64 * 1024, RetentionBytes = 200_000 });
        await FillAsync(storage, 100);
        await EnforceAsync(storage);
        var view = storage.Topic("ticks").Partitions[0].View();
        view.Bytes.ShouldBeInRange(200_000, 200_000 + (64 * 1024));
        storage.ReadAll("ticks").Select(r => r.Offset)
            .ShouldBe(Enumerable.Range((int)view.LogStart, 100 - (int)view.LogStart).Select(i => (long)i));
        storage.ReadAll("ticks", 1).ShouldBeEmpty();
        storage.Log.Lines.ShouldContain(
            line => line.Contains("ticks[0]: ", StringComparison.Ordinal) && line.Contains("expired", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Topic_without_retention_keeps_records()
    {
        await using var storage = Open();
        await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 64 * 1024 });
        await FillAsync(storage, 40);
        _clock.Advance(TimeSpan.FromDays(3650));
        await EnforceAsync(storage);
        storage.ReadAll("ticks").Count.ShouldBe(40);
    }

    [Theory]
    [InlineData(87_600)]
    [InlineData(-1)]
    public async Task Implausible_timestamp_does_not_prevent_expiry(int hoursAhead)
    {
        await using var storage = Open();
        await storage.CreateAsync("ticks", 1, WithRetention(Hour));
        var timestamp = hoursAhead < 0 ? -1 : _clock.Now + (hoursAhead * 3_600_000L);
        await storage.AppendAsync("ticks", 0, Batches.Of(["odd"], timestamp: timestamp));
        await EnforceAsync(storage);
        storage.ReadAll("ticks").Count.ShouldBe(1, "the time of the write applies");

        _clock.Advance(Hour + TimeSpan.FromMinutes(1));
        await EnforceAsync(storage);
        storage.ReadAll("ticks").ShouldBeEmpty();
    }

    [Fact]
    public async Task Clock_jumps_delete_nothing_early()
    {
        await using var storage = Open();
        await storage.CreateAsync("ticks", 1, WithRetention(Hour));
        await FillAsync(storage, 3);
        foreach (var hours in new[] { 24, -48, 24, 1, -1, 1 })
        {
            _clock.ShiftWallClock(TimeSpan.FromHours(hours));
            await EnforceAsync(storage);
            _clock.Advance(TimeSpan.FromMinutes(9));
            await EnforceAsync(storage);
        }

        storage.ReadAll("ticks").Count.ShouldBe(3, "54 minutes have passed");
        storage.Log.Lines.ShouldContain(line => line.Contains("the clock was set forward by 1.00:00:00", StringComparison.Ordinal));
    }

    [Fact]
    public void Clock_set_forward_is_trusted_after_a_day()
    {
        var reported = new List<TimeSpan>();
        var clock = new TopicRetentionClock(_clock, reported.Add);
        var startedAt = _clock.GetUtcNow();
        _clock.ShiftWallClock(TimeSpan.FromHours(5));
        for (var hours = 0; hours < 24; hours++)
        {
            clock.Now().ShouldBe(startedAt + TimeSpan.FromHours(hours));
            _clock.Advance(Hour);
        }

        clock.Now();
        clock.Now().ShouldBe(_clock.GetUtcNow());
        reported.ShouldBe([TimeSpan.FromHours(5)]);
    }

    private static TopicSettings WithRetention(TimeSpan time) =>
        new() { SegmentBytes = 64 * 1024, RetentionMs = (long)time.TotalMilliseconds };

    private TestStorage Open() => new(
        _folder.Data, time: _clock, sizes: new WalSettings { FileBytes = 400_000, ReserveBytes = 4096 });

    private static Task EnforceAsync(TestStorage storage) => storage.Hub.Retention.EnforceAsync(Cancellation);

    private async Task FillAsync(TestStorage storage, int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            await storage.AppendAsync("ticks", 0, Batches.Of([new string('x', 16_000)], timestamp: _clock.Now));
        }
    }

    private int LogFiles() => DataCopy.LogFiles(_folder.Data).Count;

    private int IndexFileCount() => Directory.GetFiles(_folder.Data, "*.index", SearchOption.AllDirectories).Length;

    /// <summary>Runs the reclaim repeatedly, as the upkeep does, until a condition holds.</summary>
    private static async Task UntilAsync(TestStorage storage, Func<bool> condition)
    {
        while (!condition())
        {
            storage.Hub.Reclaim.Run(Cancellation);
            await Task.Yield();
        }
    }

    private async Task RollLogFileAsync(TestStorage storage)
    {
        var newest = DataCopy.LogFile(_folder.Data);
        storage.Hub.Log.RequestCheckpoint(roll: true);
        await UntilAsync(storage, () => DataCopy.LogFile(_folder.Data) != newest);
    }
}
