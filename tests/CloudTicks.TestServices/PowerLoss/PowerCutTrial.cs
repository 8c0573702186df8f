using System.Runtime.InteropServices;

namespace CloudTicks.TestServices.PowerLoss;

/// <summary>
/// Tests durability promises: records what a run writes and flushes, builds disk states that a power cut may leave at each point, and
/// checks each state with the number of promises made before the power cut.
/// </summary>
public static class PowerCutTrial
{
    /// <summary>Tests a run.</summary>
    /// <param name="run">Writes files and makes promises.</param>
    /// <param name="check">Receives the folder and the number of promises; throws if a promise is broken.</param>
    /// <param name="ignoresFlush">Files and folders whose flushes are ignored; null for none.</param>
    /// <param name="disks">Maximum number of different disk states; if there are more, a fixed seed selects them.</param>
    /// <returns>The number of disk states that were checked.</returns>
    /// <exception cref="InvalidOperationException">A promise was broken; the message names the power cut.</exception>
    public static async Task<int> RunAsync(
        Func<PowerCutRun, Task> run, Func<string, int, Task> check, Predicate<string>? ignoresFlush = null, int disks = 400)
    {
        var root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"cloudticks-test-{Guid.NewGuid():N}");
        try
        {
            var recorded = new PowerCutRun(Path.Combine(root, "run"), ignoresFlush ?? (static _ => false));
            Directory.CreateDirectory(recorded.Folder);
            await run(recorded);
            var cuts =
                Sample(new PowerCuts(recorded.Disk.Operations, new Random(1)).All().Select(cut => (cut, recorded.PromisedAt(cut))), disks);
            for (var number = 0; number < cuts.Count; number++)
            {
                var (cut, promised) = cuts[number];
                var folder = Path.Combine(root, $"cut-{number}");
                cut.WriteTo(folder);
                try
                {
                    await check(folder, promised);
                }
                catch (Exception broken)
                {
                    throw new InvalidOperationException(
                        $"{promised} promises do not hold after the power cut {cut}: {broken.Message}", broken);
                }

                Directory.Delete(folder, recursive: true);
            }

            return cuts.Count;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static List<(CutDisk Cut, int Promised)> Sample(IEnumerable<(CutDisk Cut, int Promised)> cuts, int maxCount)
    {
        var different = cuts.DistinctBy(cut => (cut.Cut.Digest(), cut.Promised)).ToList();
        if (different.Count > maxCount)
        {
            new Random(1).Shuffle(CollectionsMarshal.AsSpan(different));
            different.RemoveRange(maxCount, different.Count - maxCount);
        }

        return different;
    }
}
