using System.Runtime.InteropServices;

namespace CloudTicks.TestServices.PowerLoss;

/// <summary>
/// Tries files that promise durability: records what a run writes and flushes, builds the disk at each point as a power cut may leave it,
/// and has each looked at, with the number of promises that were made by then.
/// </summary>
public static class PowerCutTrial
{
    /// <summary>Tries a run.</summary>
    /// <param name="run">Writes, and promises.</param>
    /// <param name="check">Given the folder and the number of promises, throws when one of them does not hold.</param>
    /// <param name="lies">The files and folders whose flushes are left out; null for none.</param>
    /// <param name="disks">As many different disks are tried, chosen by a fixed seed where there are more.</param>
    /// <returns>Disks that were tried.</returns>
    /// <exception cref="InvalidOperationException">A promise does not hold; the message names the cut.</exception>
    public static async Task<int> RunAsync(
        Func<PowerCutRun, Task> run, Func<string, int, Task> check, Predicate<string>? lies = null, int disks = 400)
    {
        var root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"cloudticks-test-{Guid.NewGuid():N}");
        try
        {
            var recorded = new PowerCutRun(Path.Combine(root, "run"), lies ?? (static _ => false));
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

    private static List<(CutDisk Cut, int Promised)> Sample(IEnumerable<(CutDisk Cut, int Promised)> cuts, int atMost)
    {
        var different = cuts.DistinctBy(cut => (cut.Cut.Digest(), cut.Promised)).ToList();
        if (different.Count > atMost)
        {
            new Random(1).Shuffle(CollectionsMarshal.AsSpan(different));
            different.RemoveRange(atMost, different.Count - atMost);
        }

        return different;
    }
}
