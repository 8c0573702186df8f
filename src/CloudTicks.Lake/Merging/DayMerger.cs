using System.Globalization;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Merging;

/// <summary>
/// Merges the small files of an hour, and later those of a day, into one. The old files stay current until the manifest names the merged
/// file instead, and are deleted one round later, so that a reader that has just listed them can still open them.
/// </summary>
internal sealed class DayMerger(
    ILakeStore store, LakeCatalog catalog, LakeCommits commits, ITickFiles files, LakeOptions options, TimeProvider time)
{
    private const int LastHour = 23;
    private const long MsPerHour = 3_600_000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromHours(1);

    private readonly Dictionary<string, long> _failedAt = new(StringComparer.Ordinal);

    /// <summary>Files that were merged and can be deleted.</summary>
    public List<string> Merged { get; } = [];

    /// <summary>The next files to merge; null when there is nothing to do.</summary>
    public (LakeDay Day, IReadOnlyList<LakeFile> Files)? Next()
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var entry in catalog.Days.Values.Where(day => day.Manifest.Files.Count > 1))
        {
            if (entry.Manifest.Files.GroupBy(file => file.FirstHour).Select(hour => (IReadOnlyList<LakeFile>)[.. hour])
                .FirstOrDefault(hour => IsDue(entry, hour, nowMs, hour.Max(file => file.LastHour))) is { } due)
            {
                return (entry.Day, due);
            }

            if (entry.Manifest.Files.Sum(file => file.Bytes) <= options.MaxMergedBytes
                && IsDue(entry, entry.Manifest.Files, nowMs, LastHour))
            {
                return (entry.Day, entry.Manifest.Files);
            }
        }

        return null;
    }

    /// <summary>Merges files of a day.</summary>
    /// <exception cref="LakeConflictException">Another writer has changed the day.</exception>
    /// <exception cref="LakeException">A file cannot be read; the merge is retried an hour later.</exception>
    public async Task MergeAsync(LakeDay day, IReadOnlyList<LakeFile> old, CancellationToken cancellationToken)
    {
        var part = PartName.Create(old.Min(file => file.FirstHour), time.GetUtcNow());
        var name = $"{day}/{part}";
        var ranges = Ranges(old);
        try
        {
            var inputs = new List<string>();
            foreach (var file in old)
            {
                inputs.Add(await store.FetchAsync($"{day}/{file.Name}", file.Bytes, cancellationToken));
            }

            var figures = files.Merge(inputs, store.BeginFile(name), FileMetadata.Of(ranges), cancellationToken);
            var bytes = await store.PutFileAsync(name, cancellationToken);
            var merged = new LakeFile
            {
                Name = part,
                FirstHour = old.Min(file => file.FirstHour),
                LastHour = old.Max(file => file.LastHour),
                Rows = figures.Rows,
                Bytes = bytes,
                FirstMs = figures.FirstMs,
                LastMs = figures.LastMs,
                IdentitySum = figures.IdentitySum.ToString("x16", CultureInfo.InvariantCulture),
                AddedMs = old.Max(file => file.AddedMs),
                Ranges = ranges,
            };
            await commits.PutAsync(day, catalog.Of(day).Manifest.Replace([.. old], merged), cancellationToken);
            Merged.AddRange(old.Select(file => $"{day}/{file.Name}"));
        }
        catch (LakeException damaged) when (damaged is not LakeConflictException)
        {
            foreach (var file in old)
            {
                _failedAt[file.Name] = time.GetTimestamp();
            }

            throw;
        }
        finally
        {
            store.AbandonFile(name);
        }
    }

    private bool IsDue(DayEntry entry, IReadOnlyList<LakeFile> candidates, long nowMs, int lastHour)
    {
        var endMs = entry.Day.StartMs + ((lastHour + 1) * MsPerHour);
        var quietMs = (long)options.MergeAfter.TotalMilliseconds;
        return candidates.Count > 1 && nowMs >= endMs + quietMs && candidates.All(file => IsQuiet(file.AddedMs, nowMs, quietMs))
            && !candidates.Any(file => entry.Damaged.Contains(file.Name) || HasJustFailed(file.Name));
    }

    /// <summary>
    /// Whether enough time has passed since a file was added. Files with a future time were written before the clock was set back and must
    /// not delay merging.
    /// </summary>
    private static bool IsQuiet(long addedMs, long nowMs, long quietMs) => addedMs > nowMs || nowMs >= addedMs + quietMs;

    private bool HasJustFailed(string name) => _failedAt.TryGetValue(name, out var at) && time.GetElapsedTime(at) < RetryInterval;

    /// <summary>
    /// Returns one range per partition, from the first to the last offset of all files: every record in between was read for this day.
    /// </summary>
    private static Dictionary<string, long[][]> Ranges(IReadOnlyList<LakeFile> old) => old
        .SelectMany(file => file.Ranges).GroupBy(stream => stream.Key).ToDictionary(
            stream => stream.Key,
            stream => stream.SelectMany(ranges => ranges.Value).GroupBy(range => range[0])
                .Select(partition => new[] { partition.Key, partition.Min(range => range[1]), partition.Max(range => range[2]) })
                .ToArray());
}
