using System.Text.RegularExpressions;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.EventHub.Tests.Broker;

/// <summary>Reclaiming of mostly unused log files, and the disk reads and the memory that indexed log files need.</summary>
public sealed class LogReclaimTests : IDisposable
{
    private const int KeptRecords = 30;
    private const int DeletedRecords = 90;
    private static readonly WalSettings SmallFiles = new() { FileBytes = 20_000, MemoryBytes = 0, ReserveBytes = 64 };
    private static readonly WalSettings TinyFiles = SmallFiles with { FileBytes = 6000 };
    private readonly HubFolder _folder = new();
    private readonly FaultyDisk _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Moved_records_survive_kill_at_each_step()
    {
        var copies = new List<string>();
        await using (var storage = await OpenFilledAsync())
        {
            var files = DataCopy.LogFiles(_folder.Data);
            _disk.BeforeNameChange = _ => copies.Add(_folder.Kill());
            storage.Hub.Reclaim.Run(Cancellation);
            _disk.BeforeNameChange = static _ => { };
            copies.Add(_folder.Kill());
            Check(storage);
            DataCopy.LogFiles(_folder.Data).Count.ShouldBeLessThan(files.Count / 2);
            storage.Topic("kept").Partitions[0].View().Segments.OfType<FileSegment>().ShouldNotBeEmpty();
            storage.Topic("kept").Partitions[0].Reader.FindTime(Batches.FirstTimestamp)!.Value.Offset.ShouldBe(0);
        }

        copies.Count.ShouldBeGreaterThan(6);
        foreach (var copy in copies.Append(_folder.Data))
        {
            await using (var reopened = Open(copy))
            {
                Check(reopened);
                reopened.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
                reopened.Hub.Reclaim.Run(Cancellation);
                Check(reopened);
                (await reopened.AppendAsync("kept", 0, Batches.Of("more"))).ShouldBe((ErrorCode.None, (long)KeptRecords));
            }

            Directory.GetFiles(copy, "*.next", SearchOption.AllDirectories).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Power_cut_while_records_are_moved_loses_nothing() =>
        (await TryPowerCutsAsync(LongSuite.Choose(300, 10_000))).ShouldBeGreaterThan(100);

    /// <summary>Verifies the test above: it must fail for an event hub that skips one of these flushes.</summary>
    [Theory]
    [InlineData(@"\.batches\.next$")]
    [InlineData(@"^hub/topics/[0-9a-f]+/[0-9]+$")]
    [InlineData(@"^hub/topics/[0-9a-f]+$")]
    public async Task Skipped_flush_is_detected(string unflushed) =>
        await Should.ThrowAsync<InvalidOperationException>(() => TryPowerCutsAsync(int.MaxValue, path => Regex.IsMatch(path, unflushed)));

    [Fact]
    public async Task Damaged_file_is_kept_until_restored()
    {
        await using var storage = await OpenFilledAsync();
        var partition = storage.Topic("kept").Partitions[0];
        var file = partition.View().Segments.OfType<LogSlice>().First().FilePath;
        var damagedAt = DataCopy.Batches(file)[1] + 70;
        DataCopy.Flip(file, damagedAt);
        storage.Hub.Reclaim.Run(Cancellation);
        File.Exists(file).ShouldBeTrue();
        storage.ReadAll("kept").Select(r => r.Offset).ShouldBe(Enumerable.Range(1, KeptRecords - 1).Select(i => (long)i));

        DataCopy.Flip(file, damagedAt);
        storage.Hub.Reclaim.Run(Cancellation);
        File.Exists(file).ShouldBeFalse();
        Check(storage);
    }

    [Fact]
    public async Task Full_disk_postpones_reclaim()
    {
        await using var storage = await OpenFilledAsync();
        var files = DataCopy.LogFiles(_folder.Data);
        (_disk.AppliesTo, _disk.Full) = (path => path.EndsWith(".next", StringComparison.Ordinal), true);
        storage.Hub.Reclaim.Run(Cancellation);
        Check(storage);
        DataCopy.LogFiles(_folder.Data).ShouldBe(files);

        _disk.Full = false;
        storage.Hub.Reclaim.Run(Cancellation);
        Check(storage);
        DataCopy.LogFiles(_folder.Data).Count.ShouldBeLessThan(files.Count / 2);
        storage.Failure.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Topic_deletion_frees_its_log_files()
    {
        await using var storage = await OpenFilledAsync();
        foreach (var topic in new[] { "kept", "passing" })
        {
            var deletion = new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets.RemoveTopic, topic);
            storage.Hub.Log.Enqueue(deletion);
            (await deletion.Completion).ShouldBe(ErrorCode.None);
        }

        while (DataCopy.LogBytes(_folder.Data) > 1000)
        {
            storage.Hub.Reclaim.Run(Cancellation);
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Start_reads_only_newest_log_file()
    {
        await (await OpenFilledAsync()).DisposeAsync();
        var files = DataCopy.LogFiles(_folder.Data);
        files.Count.ShouldBeGreaterThan(5);
        _disk.OpenedPaths.Clear();
        await using var storage = Open(_folder.Data);
        _disk.OpenedPaths.Where(path => path.EndsWith(".log", StringComparison.Ordinal)).Distinct().ShouldBe([files[^1]]);
        Check(storage);
    }

    [Fact]
    public async Task Indexed_batches_are_released_from_memory()
    {
        var batches = LongSuite.Choose(40_000, 1_000_000);
        var sizes = new WalSettings { FileBytes = 400_000, ReserveBytes = 64 };
        await using var storage = new TestStorage(_folder.Data, new UnflushedDisk(), sizes: sizes);
        await storage.CreateAsync("ticks");
        var batchesInMemory = 0;
        for (var i = 0; i < batches; i += 1000)
        {
            var completions = new List<Task>();
            for (var n = 0; n < 1000; n++)
            {
                storage.Enqueue("ticks", 0, Batches.Of("x"), out var completed);
                completions.Add(completed);
            }

            await Task.WhenAll(completions);
        }

        while ((batchesInMemory = storage.Hub.Files.All.Sum(f => f.Ranges.Sum(s => s.CountInMemory))) > 10_000)
        {
            await Task.Yield(); // the last index is still being written
        }

        batchesInMemory.ShouldBeLessThan(batches / 2);
        storage.Topic("ticks").Partitions[0].HighWatermark.ShouldBe(batches);
        using var middleBatch = storage.Topic("ticks").Partitions[0].Reader.Read(batches / 2, 1 << 20, atLeastOne: true);
        Batches.Read(middleBatch.Bytes.Span)[0].Offset.ShouldBe(batches / 2);
    }

    private static void Check(TestStorage storage)
    {
        storage.ReadAll("kept").Select(r => (r.Offset, r.Value.Split(' ')[0]))
            .ShouldBe(Enumerable.Range(0, KeptRecords).Select(i => ((long)i, $"{i}")));
        storage.ReadAll("passing").ShouldBeEmpty();
        storage.Topic("passing").Partitions[0].LogStart.ShouldBe(DeletedRecords);
    }

    private static Task<int> TryPowerCutsAsync(int maxDisks, Predicate<string>? isSkipped = null) => PowerCutTrial.RunAsync(
        async run =>
        {
            await using var storage = await OpenFilledAsync(run.Folder + "/hub", run.Disk, batches: 9);
            run.Promise();
            storage.Hub.Reclaim.Run(Cancellation);
        },
        async (folder, promises) =>
        {
            if (promises > 0)
            {
                await using var storage = new TestStorage(folder + "/hub", new UnflushedDisk(), sizes: TinyFiles);
                storage.ReadAll("kept").Select(r => r.Offset).ShouldBe([0, 1, 2]);
                storage.ReadAll("passing").ShouldBeEmpty();
                storage.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
            }
        }, isSkipped, maxDisks);

    private TestStorage Open(string folder) => new(folder, _disk, sizes: SmallFiles);

    /// <summary>Creates two topics in indexed log files: the records of the first are kept, those of the second are deleted.</summary>
    private Task<TestStorage> OpenFilledAsync() => OpenFilledAsync(_folder.Data, _disk, DeletedRecords);

    private static async Task<TestStorage> OpenFilledAsync(string folder, Disk disk, int batches)
    {
        var sizes = batches == DeletedRecords ? SmallFiles : TinyFiles;
        await using (var storage = new TestStorage(folder, disk, sizes: sizes))
        {
            await storage.CreateAsync("kept");
            await storage.CreateAsync("passing");
            for (var i = 0; i < batches; i++)
            {
                await storage.AppendAsync("passing", 0, Batches.Of($"{i} " + new string('x', 3000)));
                if (i % 3 == 0)
                {
                    await storage.AppendAsync("kept", 0, Batches.Of($"{i / 3} " + new string('x', 2000)));
                }
            }
        }

        var reopened = new TestStorage(folder, disk, sizes: sizes);
        var passing = reopened.Topic("passing");
        (await reopened.Hub.Starts.MoveAsync([new LogStartMove(passing, passing.Partitions[0], LogStartMove.ToHighWatermark)]))
            .ShouldBe([ErrorCode.None]);
        return reopened;
    }
}
