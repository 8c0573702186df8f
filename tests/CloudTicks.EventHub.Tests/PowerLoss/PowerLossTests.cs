using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using CloudTicks.TestServices;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.EventHub.Tests.PowerLoss;

/// <summary>
/// Tests recovery with a model of power cuts. The writes and flushes of a run are recorded. For each point of the run, the disk is rebuilt
/// as a power cut may have left it: each unflushed write is missing, complete, truncated or torn, and each unflushed change of names in a
/// folder is missing or complete. The recovered state is compared with what was acknowledged before the power cut.
/// </summary>
public sealed class PowerLossTests : IDisposable
{
    private readonly string _diskFolder = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"cloudticks-test-{Guid.NewGuid():N}");

    private int _recoveredDiskCount;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_diskFolder))
        {
            Directory.Delete(_diskFolder, recursive: true);
        }
    }

    [Fact]
    public async Task Power_cut_at_any_point_loses_nothing_acknowledged()
    {
        for (var seed = 1; seed <= LongSuite.Choose(3, 12); seed++)
        {
            var (run, disk) = await RecordAsync(seed);
            await TryAsync(run, Cuts(new PowerCuts(disk.Operations, new Random(seed)), run, seed, LongSuite.Choose(600, 8000)));
        }

        WriteCount("after a power cut");
        _recoveredDiskCount.ShouldBeGreaterThan(1500);
    }

    [Fact]
    public async Task Power_cut_during_recovery_loses_nothing_acknowledged()
    {
        for (var seed = 11; seed < 11 + LongSuite.Choose(1, 4); seed++)
        {
            var (run, disk) = await RecordAsync(seed);
            foreach (var (first, ledger) in Cuts(new PowerCuts(disk.Operations, new Random(seed)), run, seed, LongSuite.Choose(5, 20)))
            {
                var data = NewFolder();
                first.WriteTo(data);
                var recoveryDisk = new RecordingDisk(data, first.Files);
                await RecoveredHub.CheckAsync(data, recoveryDisk, run, ledger, twice: true, Cancellation);
                var secondCuts = new PowerCuts(recoveryDisk.Operations, new Random(seed), first.Files) { MixturesPerPoint = 1, Cuts = 1 };
                await TryAsync(run, Sample(secondCuts.All().Select(c => (c, ledger)), seed, LongSuite.Choose(120, 500)));
            }
        }

        WriteCount("after a power cut during a recovery");
        _recoveredDiskCount.ShouldBeGreaterThan(300);
    }

    /// <summary>Verifies the model itself: it must detect an event hub that skips one of these flushes.</summary>
    [Theory]
    [InlineData(@"\.log$")]
    [InlineData(@"^log$")]
    [InlineData(@"^snapshot\.next$")]
    public async Task Skipped_flush_is_detected(string unflushed)
    {
        var (run, disk) = await RecordAsync(seed: 5, path => Regex.IsMatch(path, unflushed));
        await Should.ThrowAsync<InvalidOperationException>(
            () => TryAsync(run, Cuts(new PowerCuts(disk.Operations, new Random(5)), run, 5, int.MaxValue)));
    }

    private async Task<(RandomRun Run, RecordingDisk Disk)> RecordAsync(int seed, Predicate<string>? isSkipped = null)
    {
        var folder = NewFolder();
        var disk = new RecordingDisk(folder) { IgnoresFlush = isSkipped ?? (static _ => false) };
        var run = new RandomRun(folder, disk, seed, LongSuite.Choose(16, 40));
        await run.RunAsync(Cancellation);
        return (run, disk);
    }

    private static List<(CutDisk Cut, Ledger Ledger)> Cuts(PowerCuts cuts, RandomRun run, int seed, int maxCuts) =>
        Sample(cuts.All().Select(cut => (cut, run.AcknowledgedAt(cut.At))), seed, maxCuts);

    /// <summary>The distinct pairs of disk and acknowledged state; a random sample when there are many.</summary>
    private static List<(CutDisk Cut, Ledger Ledger)> Sample(IEnumerable<(CutDisk Cut, Ledger Ledger)> cuts, int seed, int maxCuts)
    {
        var sampledCuts = cuts.DistinctBy(c => (c.Cut.Digest(), c.Ledger.Operations)).ToList();
        if (sampledCuts.Count > maxCuts)
        {
            new Random(seed).Shuffle(CollectionsMarshal.AsSpan(sampledCuts));
            sampledCuts.RemoveRange(maxCuts, sampledCuts.Count - maxCuts);
        }

        return sampledCuts;
    }

    private async Task TryAsync(RandomRun run, List<(CutDisk Cut, Ledger Ledger)> cuts) =>
        await Parallel.ForEachAsync(cuts, Cancellation, async (one, cancellationToken) =>
        {
            var data = NewFolder();
            one.Cut.WriteTo(data);
            try
            {
                await RecoveredHub.CheckAsync(
                    data, new UnflushedDisk(), run, one.Ledger, Interlocked.Increment(ref _recoveredDiskCount) % 8 == 0, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Seed {run.Seed}: no recovery from the power cut {one.Cut}: {e.Message}", e);
            }

            Directory.Delete(data, recursive: true);
        });

    private void WriteCount(string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{_recoveredDiskCount} different disks {what} were recovered");

    private string NewFolder() => Path.Combine(_diskFolder, Guid.NewGuid().ToString("N"));
}
