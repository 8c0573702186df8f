using System.Runtime.InteropServices;
using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.EventHub.Tests.PowerLoss;

/// <summary>
/// After a power cut during compaction, the newest acknowledged record of each key is not lost, and only records that were sent are served.
/// </summary>
public sealed class CompactionPowerLossTests : IDisposable
{
    private const string Topic = "states";
    private const int MaxAttempts = 20;

    private readonly string _diskFolder = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"cloudticks-test-{Guid.NewGuid():N}");

    private int _recoveredDiskCount;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_diskFolder, recursive: true);

    [Fact]
    public async Task Power_cut_during_compaction_loses_no_newest_record()
    {
        for (var seed = 1; seed <= LongSuite.Choose(2, 10); seed++)
        {
            var (disk, sent, acknowledged) = await RecordAsync(seed);
            var cuts = new PowerCuts(disk.Operations, new Random(seed)).All().DistinctBy(cut => cut.Digest()).ToList();
            new Random(seed).Shuffle(CollectionsMarshal.AsSpan(cuts));
            await Parallel.ForEachAsync(cuts.Take(LongSuite.Choose(250, 5000)), Cancellation, async (cut, _) =>
            {
                var data = NewFolder();
                cut.WriteTo(data);
                try
                {
                    await CheckAsync(data, sent, acknowledged.LastOrDefault(a => a.Operations <= cut.At).Records);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    throw new InvalidOperationException($"Seed {seed}: no recovery from the power cut {cut}: {e.Message}", e);
                }

                Directory.Delete(data, recursive: true);
                Interlocked.Increment(ref _recoveredDiskCount);
            });
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{_recoveredDiskCount} different disks were recovered");
        _recoveredDiskCount.ShouldBeGreaterThan(300);
    }

    /// <summary>
    /// Records a run with enough compaction. Compaction needs a checkpoint, which another thread writes. If the checkpoint is written too
    /// late, as on a loaded machine, the run is recorded again.
    /// </summary>
    private async Task<(RecordingDisk Disk, List<(string Key, string? Value)> Sent, List<(int Operations, int Records)> Acknowledged)>
        RecordAsync(int seed)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = NewFolder();
            var disk = new RecordingDisk(folder);
            var (sent, acknowledged, compactionCount) = await RunAsync(folder, disk, new Random(seed));
            if (compactionCount > 3 || attempt == MaxAttempts)
            {
                compactionCount.ShouldBeGreaterThan(3);
                return (disk, sent, acknowledged);
            }
        }
    }

    /// <summary>Writes keys and tombstones, compacts in between, and restarts the storage in the middle.</summary>
    private static async Task<(List<(string Key, string? Value)> Sent, List<(int Operations, int Records)> Acknowledged, int Rewritten)>
        RunAsync(string folder, RecordingDisk disk, Random random)
    {
        var sent = new List<(string Key, string? Value)>();
        var acknowledged = new List<(int, int)>();
        var compactionCount = 0;
        for (var run = 0; run < 2; run++)
        {
            await using var storage = new TestStorage(folder, disk, sizes: RandomRun.Sizes);
            if (run == 0)
            {
                var settings = new TopicSettings { SegmentBytes = 600, CleanupPolicy = "compact", DeleteRetentionMs = 0 };
                await storage.CreateAsync(Topic, 1, settings);
            }

            for (var step = 0; step < 30; step++)
            {
                var records = Enumerable.Range(sent.Count, random.Next(1, 4))
                    .Select(i => (Key: $"{random.Next(5)}", Value: random.Next(6) == 0 ? null : $"{i} ".PadRight(60, 'x'))).ToList();
                sent.AddRange(records);
                var batch = KeyedBatches.Of(
                    [.. records.Select(r => ((string?)r.Key, r.Value))], Batches.FirstTimestamp, (RecordCodec)random.Next(5));
                (await storage.AppendAsync(Topic, 0, batch)).Error.ShouldBe(ErrorCode.None);
                acknowledged.Add((disk.Count, sent.Count));
                if (step % 5 == 4)
                {
                    storage.Hub.Compaction.Run(Cancellation);
                }
            }

            compactionCount += storage.Log.Lines.Count(line => line.Contains("compacted to offset", StringComparison.Ordinal));
        }

        return (sent, acknowledged, compactionCount);
    }

    private static async Task CheckAsync(string data, List<(string Key, string? Value)> sent, int acknowledged)
    {
        for (var start = 0; start < 2; start++)
        {
            await using var storage = new TestStorage(data, new UnflushedDisk(), sizes: RandomRun.Sizes);
            storage.Log.Lines.Where(line => line.Contains("damaged", StringComparison.Ordinal)).ShouldBeEmpty("a power cut is not damage");
            if (!storage.Hub.Topics.Find(Topic, out _))
            {
                acknowledged.ShouldBe(0);
                return;
            }

            Check(storage, sent, acknowledged);
            storage.Hub.Compaction.Run(Cancellation);
            Check(storage, sent, acknowledged);
        }
    }

    private static void Check(TestStorage storage, List<(string Key, string? Value)> sent, int acknowledged)
    {
        var served = storage.ReadKeyed(Topic);
        served.ShouldAllBe(r => sent[(int)r.Offset].Key == r.Key && sent[(int)r.Offset].Value == r.Value);
        served.Zip(served.Skip(1)).ShouldAllBe(pair => pair.First.Offset < pair.Second.Offset);
        var end = (int)storage.Topic(Topic).Partitions[0].HighWatermark;
        end.ShouldBeGreaterThanOrEqualTo(acknowledged);
        foreach (var key in sent.Take(end).GroupBy(r => r.Key))
        {
            var newest = served.LastOrDefault(r => r.Key == key.Key);
            var expected = key.Last().Value;
            newest.Value.ShouldBe(expected, $"the newest value of key {key.Key}");
        }

        storage.Hub.Damage.Problem.ShouldBeNull();
    }

    private string NewFolder() => Path.Combine(_diskFolder, Guid.NewGuid().ToString("N"));
}
