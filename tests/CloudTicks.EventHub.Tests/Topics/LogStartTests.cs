using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Topics;

public sealed class LogStartTests : IDisposable
{
    private const int Records = 40;
    private static readonly WalSettings SmallFiles = new() { FileBytes = 100_000, ReserveBytes = 4096 };
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(17, false)]
    [InlineData(17, true)]
    [InlineData(Records, false)]
    [InlineData(Records, true)]
    [InlineData(LogStartMove.ToHighWatermark, true)]
    public async Task Moved_start_survives_restart(int to, bool killed)
    {
        var start = to == LogStartMove.ToHighWatermark ? Records : to;
        string data;
        await using (var storage = await OpenFilledAsync())
        {
            (await MoveAsync(storage, to)).ShouldBe(ErrorCode.None);
            Check(storage, start, Records);
            data = killed ? _folder.Kill() : _folder.Data;
        }

        for (var round = 0; round < 2; round++)
        {
            await using var reopened = new TestStorage(data);
            Check(reopened, start, Records + round);
            (await reopened.AppendAsync("ticks", 0, Value(Records + round))).ShouldBe((ErrorCode.None, (long)Records + round));
            reopened.Log.Lines.ShouldNotContain(line => line.Contains("damaged", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(17)]
    [InlineData(Records)]
    public async Task Interrupted_deletion_is_completed_at_next_start(int to)
    {
        await using var storage = await OpenFilledAsync();
        var move = new LogStartMove(storage.Topic("ticks"), storage.Topic("ticks").Partitions[0], to);
        storage.Hub.Log.Enqueue(move);
        (await move.Completion).ShouldBe(ErrorCode.None);
        var copy = _folder.Kill();
        var fileCount = DataCopy.LogFiles(copy).Count;
        fileCount.ShouldBe(DataCopy.LogFiles(_folder.Data).Count, "no file is deleted yet");

        await using (var reopened = new TestStorage(copy, sizes: SmallFiles))
        {
            Check(reopened, to, Records);
        }

        await using var third = new TestStorage(copy, sizes: SmallFiles);
        Check(third, to, Records);
        DataCopy.LogFiles(copy).Count.ShouldBeLessThan(fileCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_after_kill_needs_no_deleted_file(bool moreAfter)
    {
        await (await OpenFilledAsync()).DisposeAsync(); // the checkpoint contains the newest segment
        await using var storage = new TestStorage(_folder.Data);
        await storage.AppendAsync("ticks", 0, Value(Records));
        (await MoveAsync(storage, Records + 1)).ShouldBe(ErrorCode.None);
        var end = Records + 1;
        for (; moreAfter && end < 2 * Records; end++)
        {
            await storage.AppendAsync("ticks", 0, Value(end));
        }

        await using var reopened = new TestStorage(_folder.Kill());
        Check(reopened, Records + 1, end);
    }

    [Fact]
    public async Task Truncated_log_start_move_loses_nothing()
    {
        await using var storage = await OpenFilledAsync();
        var before = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        var move = new LogStartMove(storage.Topic("ticks"), storage.Topic("ticks").Partitions[0], 17);
        storage.Hub.Log.Enqueue(move);
        await move.Completion;
        var after = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        after.ShouldBeGreaterThan(before);
        for (var length = before; length <= after; length++)
        {
            var copy = _folder.Kill();
            using (var log = File.OpenWrite(DataCopy.LogFile(copy)))
            {
                log.SetLength(length);
            }

            await using var reopened = new TestStorage(copy);
            Check(reopened, length == after ? 17 : 0, Records);
        }
    }

    [Fact]
    public async Task Missing_log_files_are_reported()
    {
        await (await OpenFilledAsync()).DisposeAsync();
        var oldest = _folder.Kill();
        File.Delete(DataCopy.LogFiles(oldest)[0]);
        await using (var reopened = new TestStorage(oldest, sizes: SmallFiles))
        {
            reopened.Log.Lines.ShouldContain(line => line.Contains("records, from offset 0 to", StringComparison.Ordinal));
            reopened.ReadAll("ticks")[^1].Offset.ShouldBe(Records - 1);
        }

        var newest = _folder.Kill();
        File.Delete(DataCopy.LogFiles(newest)[^1]);
        Should.Throw<StorageException>(() => new TestStorage(newest, sizes: SmallFiles)).Message.ShouldContain("Restore it from a backup");
    }

    [Fact]
    public async Task Readers_continue_while_segments_are_deleted()
    {
        await using var storage = await OpenFilledAsync();
        var partition = storage.Topic("ticks").Partitions[0];
        var isStopping = false;
        var reading = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref isStopping))
                {
                    var start = partition.LogStart;
                    using var fetched = partition.Reader.Read(start, 1 << 20, atLeastOne: true);
                    foreach (var (offset, value) in Batches.Read(fetched.Bytes.Span))
                    {
                        value.ShouldStartWith($"{offset} ");
                    }

                    partition.Reader.AvailableBytes(start);
                    (partition.Reader.FindTime(Batches.FirstTimestamp)?.Offset ?? start).ShouldBeGreaterThanOrEqualTo(start);
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 1; i < 400; i++)
        {
            await storage.AppendAsync("ticks", 0, Value(Records + i - 1));
            (await MoveAsync(storage, i)).ShouldBe(ErrorCode.None);
        }

        Volatile.Write(ref isStopping, true);
        await reading;
        Check(storage, 399, Records + 399);
        storage.Log.Lines.ShouldNotContain(line => line.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timestamp_lookup_ignores_records_before_log_start()
    {
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of(["a", "b", "c"], timestamp: 1000));
        await storage.AppendAsync("ticks", 0, Batches.Of(["d"], timestamp: 500));
        await MoveAsync(storage, 2);
        var reader = storage.Topic("ticks").Partitions[0].Reader;
        reader.FindTime(1000).ShouldBe((2, 1002));
        reader.FindTime(0).ShouldBe((2, 1002));
        await MoveAsync(storage, 3);
        reader.FindTime(0).ShouldBe((3, 500));
        reader.FindTime(1000).ShouldBeNull();
    }

    [Fact]
    public async Task Segments_roll_by_size_within_one_write()
    {
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 64 * 1024 });
        var completions = new List<Task>();
        for (var i = 0; i < 200; i++)
        {
            storage.Enqueue("ticks", 0, Value(i), out var completed);
            completions.Add(completed);
        }

        await Task.WhenAll(completions);
        var segments = storage.Topic("ticks").Partitions[0].View().Segments;
        segments.Length.ShouldBeGreaterThan(10);
        segments.ShouldAllBe(segment => segment.Bytes <= 64 * 1024);
        Check(storage, 0, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Added_partitions_survive_restart(bool killed)
    {
        string data;
        await using (var storage = await OpenFilledAsync())
        {
            await AddAsync(storage, 3, ErrorCode.None);
            await AddAsync(storage, 2, ErrorCode.InvalidPartitions);
            await storage.AppendAsync("ticks", 2, Batches.Of(["new"], producer: 9, epoch: 0, sequence: 0));
            data = killed ? _folder.Kill() : _folder.Data;
        }

        await using var reopened = new TestStorage(data);
        reopened.Topic("ticks").Partitions.Length.ShouldBe(3);
        Check(reopened, 0, Records);
        reopened.ReadAll("ticks", 2).ShouldBe([(0, "new")]);
        (await reopened.AppendAsync("ticks", 2, Batches.Of(["new"], producer: 9, epoch: 0, sequence: 0)))
            .ShouldBe((ErrorCode.None, 0L), "a duplicate");
        await AddAsync(reopened, 4, ErrorCode.None);
        (await reopened.AppendAsync("ticks", 3, Batches.Of("newer"))).ShouldBe((ErrorCode.None, 0L));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Explicit_default_settings_survive_restart(bool killed)
    {
        var settings = new TopicSettings();
        TopicSettings.TrySet(ref settings, "retention.ms", "-1").ShouldBeNull();
        TopicSettings.TrySet(ref settings, "retention.bytes", "5000000000").ShouldBeNull();
        string data;
        await using (var storage = new TestStorage(_folder.Data))
        {
            await storage.CreateAsync("ticks", 1, settings);
            data = killed ? _folder.Kill() : _folder.Data;
        }

        await using var reopened = new TestStorage(data);
        reopened.Topic("ticks").Settings.All().Where(s => !s.IsDefault).Select(s => $"{s.Name}={s.Value}")
            .ShouldBe(["retention.ms=-1", "retention.bytes=5000000000"]);
    }

    private static byte[] Value(int offset) =>
        Batches.Of([$"{offset} " + new string('x', 9000)], timestamp: Batches.FirstTimestamp + offset);

    private static async Task<ErrorCode> MoveAsync(TestStorage storage, long to) =>
        (await storage.Hub.Starts.MoveAsync([new LogStartMove(storage.Topic("ticks"), storage.Topic("ticks").Partitions[0], to)]))[0];

    private static async Task AddAsync(TestStorage storage, int count, ErrorCode expected)
    {
        var addition = new PartitionsAddition(storage.Hub.Topics, "ticks", count);
        storage.Hub.Log.Enqueue(addition);
        (await addition.Completion).ShouldBe(expected);
    }

    private static void Check(TestStorage storage, int start, int end)
    {
        var partition = storage.Topic("ticks").Partitions[0];
        partition.LogStart.ShouldBe(start);
        partition.HighWatermark.ShouldBe(end);
        storage.ReadAll("ticks").Select(r => (r.Offset, r.Value.Split(' ')[0]))
            .ShouldBe(Enumerable.Range(start, end - start).Select(i => ((long)i, $"{i}")));
        using var below = partition.Reader.Read(start - 1, 1 << 20, atLeastOne: true);
        below.Length.ShouldBe(0);
    }

    private async Task<TestStorage> OpenFilledAsync()
    {
        var storage = new TestStorage(_folder.Data, sizes: SmallFiles);
        await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 64 * 1024 });
        for (var i = 0; i < Records; i++)
        {
            await storage.AppendAsync("ticks", 0, Value(i));
        }

        return storage;
    }
}
