using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Compaction;

public sealed class TopicCompactionTests : IDisposable
{
    private const string Topic = "states";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly HubFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly List<(long Offset, string? Key, string? Value)> _written = [];

    public static TheoryData<int> Codecs { get; } = [0, 1, 2, 3, 4];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Newest_record_of_each_key_stays_at_its_offset(int codec)
    {
        await FillAsync(Compacted(), rounds: 100, (RecordCodec)codec);
        List<(long Offset, string? Key, string? Value)> served;
        await using (var storage = Open())
        {
            var newest = storage.Topic(Topic).Partitions[0].View().Segments[^1].BaseOffset;
            var bytes = storage.Topic(Topic).Partitions[0].View().Bytes;
            storage.Hub.Compaction.Run(Cancellation);
            served = storage.ReadKeyed(Topic);
            served.ShouldBe(_written.Where(r => r.Offset >= newest || IsNewestBefore(r, newest)));
            storage.Topic(Topic).Partitions[0].View().Bytes.ShouldBeLessThan(bytes / 2);
            storage.Topic(Topic).Partitions[0].LogStart.ShouldBe(0);
            storage.Log.Lines.ShouldContain(line => line.Contains("states[0]: compacted to offset", StringComparison.Ordinal));
        }

        await using var again = Open();
        again.ReadKeyed(Topic).ShouldBe(served);
        again.Hub.Damage.Problem.ShouldBeNull();
        (await AppendAsync(again, [("a", "new")])).ShouldBe(_written[^1].Offset);
    }

    [Fact]
    public async Task Every_offset_leads_to_the_next_record_that_is_left()
    {
        await FillAsync(Compacted(), rounds: 30);
        await using var storage = Open();
        storage.Hub.Compaction.Run(Cancellation);
        var log = storage.Topic(Topic).Partitions[0];
        var served = storage.ReadKeyed(Topic).Select(r => r.Offset).ToList();
        for (var offset = 0L; offset < log.HighWatermark; offset++)
        {
            using var fetched = log.Reader.Read(offset, 1, atLeastOne: true);
            RecordBatch.TryRead(fetched.Bytes.Span, out var batch).ShouldBeTrue();
            batch.NextOffset.ShouldBeGreaterThan(offset);
            batch.Count.ShouldBeGreaterThan(0);
            served.First(o => o >= offset).ShouldBeGreaterThanOrEqualTo(batch.BaseOffset);
            served.ShouldContain(o => o >= batch.BaseOffset && o < batch.NextOffset);
        }

        storage.Hub.Damage.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task More_keys_than_fit_into_memory_take_several_passes()
    {
        await using (var storage = Open())
        {
            await storage.CreateAsync(Topic, 1, Compacted());
            for (var i = 0; i < 6000; i += 100)
            {
                var keys = Enumerable.Range(i, 100).Select(n => ((string?)$"key {n % 2500}", (string?)$"{n} ".PadRight(100, 'x')));
                await AppendAsync(storage, [.. keys]);
            }
        }

        await using var small = Open(compactionMemory: 1);
        var newest = small.Topic(Topic).Partitions[0].View().Segments[^1].BaseOffset;
        small.Hub.Compaction.Run(Cancellation);
        small.ReadKeyed(Topic).ShouldBe(_written.Where(r => r.Offset >= newest || IsNewestBefore(r, newest)));
    }

    [Fact]
    public async Task Tombstones_stay_for_their_time_after_they_were_compacted_and_then_go()
    {
        await using (var storage = Open())
        {
            await storage.CreateAsync(Topic, 1, Compacted() with { DeleteRetentionMs = (long)Hour.TotalMilliseconds });
            await AppendAsync(storage, [("gone", "value"), ("kept", "value")]);
            await AppendAsync(storage, [("gone", null)]);
            await RollAsync(storage);
        }

        await using var again = Open();
        again.Hub.Compaction.Run(Cancellation);
        Keys(again).ShouldBe([("kept", "value"), ("gone", null)]);
        _clock.Advance(Hour - TimeSpan.FromMilliseconds(1));
        again.Hub.Compaction.Run(Cancellation);
        Keys(again).ShouldBe([("kept", "value"), ("gone", null)]);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        again.Hub.Compaction.Run(Cancellation);
        Keys(again).ShouldBe([("kept", "value")]);

        static List<(string?, string?)> Keys(TestStorage storage) =>
            [.. storage.ReadKeyed(Topic).Where(r => r.Key is "gone" or "kept").Select(r => (r.Key, r.Value))];
    }

    [Fact]
    public async Task Nothing_is_left_of_keys_that_were_all_deleted()
    {
        await using (var storage = Open())
        {
            await storage.CreateAsync(Topic, 1, Compacted() with { DeleteRetentionMs = 0 });
            for (var i = 0; i < 20; i++)
            {
                await AppendAsync(storage, [($"key {i}", "value")]);
                await AppendAsync(storage, [($"key {i}", null)]);
            }

            await RollAsync(storage);
        }

        await using var again = Open();
        again.Hub.Compaction.Run(Cancellation);
        again.Hub.Compaction.Run(Cancellation);
        again.ReadKeyed(Topic).ShouldAllBe(r => r.Key == "roll");
        again.Hub.Damage.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Records_stay_as_they_are_for_the_least_lag()
    {
        await FillAsync(Compacted() with { MinCompactionLagMs = (long)Hour.TotalMilliseconds }, rounds: 30);
        await using var storage = Open();
        _clock.Advance(Hour - TimeSpan.FromMinutes(1));
        storage.Hub.Compaction.Run(Cancellation);
        storage.ReadKeyed(Topic).ShouldBe(_written);

        _clock.Advance(TimeSpan.FromMinutes(2));
        storage.Hub.Compaction.Run(Cancellation);
        storage.ReadKeyed(Topic).Count.ShouldBeLessThan(_written.Count);
    }

    [Fact]
    public async Task Partition_is_compacted_when_enough_of_it_is_new_or_a_part_old_enough()
    {
        var settings = Compacted() with { MinCleanableDirtyRatio = 0.9, MaxCompactionLagMs = (long)Hour.TotalMilliseconds };
        await FillAsync(settings, rounds: 30, keys: 400);
        await using (var storage = Open())
        {
            storage.Hub.Compaction.Run(Cancellation);
        }

        _clock.Advance(TimeSpan.FromMinutes(10));
        await FillAsync(settings, rounds: 4, keys: 400);
        await using var again = Open();
        var before = again.ReadKeyed(Topic);
        again.Hub.Compaction.Run(Cancellation);
        again.ReadKeyed(Topic).ShouldBe(before, "a small part is new");

        _clock.Advance(Hour);
        again.Hub.Compaction.Run(Cancellation);
        again.ReadKeyed(Topic).Count.ShouldBeLessThan(before.Count);
    }

    [Fact]
    public async Task Compacted_topic_with_retention_deletes_too()
    {
        await FillAsync(Compacted("compact,delete") with { RetentionMs = (long)Hour.TotalMilliseconds }, rounds: 30);
        await using var storage = Open();
        storage.Hub.Compaction.Run(Cancellation);
        _clock.Advance(Hour + Hour);
        await AppendAsync(storage, [("z", "new")]);
        await storage.Hub.Retention.EnforceAsync(Cancellation);
        storage.ReadKeyed(Topic).Select(r => r.Key).ShouldBe(["z"]);
    }

    [Fact]
    public async Task Producer_goes_on_and_repeats_are_known_after_compaction_and_a_restart()
    {
        await using (var storage = Open())
        {
            await storage.CreateAsync(Topic, 1, Compacted());
            for (var i = 0; i < 30; i++)
            {
                (await storage.AppendAsync(Topic, 0, Idempotent(i))).ShouldBe((ErrorCode.None, i));
            }
        }

        await using (var storage = Open())
        {
            storage.Hub.Compaction.Run(Cancellation);
            storage.ReadKeyed(Topic).Count.ShouldBeLessThan(30);
        }

        await using var again = Open();
        (await again.AppendAsync(Topic, 0, Idempotent(28))).ShouldBe((ErrorCode.None, 28L), "a repeat");
        (await again.AppendAsync(Topic, 0, Idempotent(30))).ShouldBe((ErrorCode.None, 30L));
        (await again.AppendAsync(Topic, 0, Idempotent(32))).Error.ShouldBe(ErrorCode.OutOfOrderSequence);

        byte[] Idempotent(int i) => KeyedBatches.Of([("a", $"{i} ".PadRight(8000, 'x'))], _clock.Now, producer: 7, sequence: i);
    }

    [Fact]
    public async Task Damaged_segment_stays_as_it_is_and_is_reported()
    {
        await FillAsync(Compacted(), rounds: 30);
        await using var storage = Open();
        var second = storage.Topic(Topic).Partitions[0].View().Segments[1];
        DataCopy.FlipBatch(_folder.Data, (int)second.BaseOffset / 10, 70);
        storage.Hub.Compaction.Run(Cancellation);
        storage.Topic(Topic).Partitions[0].View().Segments.ShouldContain(second);
        storage.Log.Lines.ShouldContain(line => line.Contains("is damaged from offset", StringComparison.Ordinal));
        var newest = storage.Topic(Topic).Partitions[0].View().Segments[^1].BaseOffset;
        _written.Where(r => IsNewestBefore(r, newest)).ShouldBeSubsetOf(storage.ReadKeyed(Topic));
        storage.ReadKeyed(Topic).Count.ShouldBeLessThan(_written.Count - 100);
    }

    [Fact]
    public async Task Topic_that_is_deleted_meanwhile_goes_with_its_files()
    {
        await FillAsync(Compacted(), rounds: 30);
        var disk = new FaultyDisk();
        await using var storage = Open(disk);
        var folder = storage.Topic(Topic).Folder;
        var deletion = new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets.Forget, Topic);
        var (compacting, deleted) = (Environment.CurrentManagedThreadId, false);
        disk.BeforeFlush = () =>
        {
            if (Environment.CurrentManagedThreadId == compacting && !deleted)
            {
                deleted = true;
                storage.Hub.Log.Enqueue(deletion);
                SpinWait.SpinUntil(() => deletion.Answer.IsCompleted);
            }
        };
        storage.Hub.Compaction.Run(Cancellation);
        deleted.ShouldBeTrue();
        Directory.Exists(folder).ShouldBeFalse();
        storage.Broken.Task.IsCompleted.ShouldBeFalse();
        storage.Log.Lines.ShouldNotContain(line => line.Contains("is not compacted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Full_disk_puts_it_off_and_changes_nothing(bool hasSomeRoom)
    {
        await FillAsync(Compacted(), rounds: 30);
        var disk = new FaultyDisk { Concerns = path => path.EndsWith(".next", StringComparison.Ordinal) };
        await using var storage = Open(disk, minFreeBytes: hasSomeRoom ? 0 : long.MaxValue);
        disk.Full = true;
        storage.Hub.Compaction.Run(Cancellation);
        storage.ReadKeyed(Topic).ShouldBe(_written);
        storage.Log.Lines.ShouldContain(line => line.Contains("states[0] is not compacted", StringComparison.Ordinal));
        Directory.GetFiles(_folder.Data, "*.next", SearchOption.AllDirectories).ShouldBeEmpty();
        disk.Full = false;
        if (hasSomeRoom)
        {
            storage.Hub.Compaction.Run(Cancellation);
            storage.ReadKeyed(Topic).Count.ShouldBeLessThan(_written.Count);
        }
    }

    private static TopicSettings Compacted(string policy = "compact") => new() { SegmentBytes = 64 * 1024, CleanupPolicy = policy };

    /// <summary>True for the newest record of its key among those before an offset.</summary>
    private bool IsNewestBefore((long Offset, string? Key, string? Value) record, long before) =>
        record.Offset < before && _written.Last(r => r.Key == record.Key && r.Offset < before).Offset == record.Offset;

    private TestStorage Open(FaultyDisk? disk = null, long minFreeBytes = 0, long compactionMemory = 1 << 20) =>
        new(_folder.Data, disk, minFreeBytes: minFreeBytes, time: _clock, compactionMemory: compactionMemory);

    /// <summary>Writes keys again and again, in batches of ten, and stops the hub.</summary>
    private async Task FillAsync(TopicSettings settings, int rounds, RecordCodec codec = RecordCodec.None, int keys = 40)
    {
        await using var storage = Open();
        if (!storage.Hub.Topics.Find(Topic, out _))
        {
            await storage.CreateAsync(Topic, 1, settings);
        }

        var random = new Random(rounds);
        for (var i = 0; i < rounds * 4; i++)
        {
            var padding = new byte[375];
            random.NextBytes(padding);
            var value = Convert.ToHexString(padding);
            var records = Enumerable.Range(0, 10).Select(n => ((string?)$"key {random.Next(keys)}", (string?)$"{i} {n} {value}"));
            await AppendAsync(storage, [.. records], codec);
        }
    }

    /// <summary>Fills the newest segment, so that another one begins.</summary>
    private async Task RollAsync(TestStorage storage)
    {
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(storage, [("roll", new string('x', 16_000))]);
        }
    }

    private async Task<long> AppendAsync(
        TestStorage storage, IReadOnlyList<(string? Key, string? Value)> records, RecordCodec codec = RecordCodec.None)
    {
        var (error, offset) = await storage.AppendAsync(Topic, 0, KeyedBatches.Of(records, _clock.Now, codec));
        error.ShouldBe(ErrorCode.None);
        _written.AddRange(records.Select((r, i) => (offset + i, r.Key, r.Value)));
        return offset;
    }
}
