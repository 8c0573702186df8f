using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Retaining;

/// <summary>
/// Drops whole days that are older than <see cref="LakeOptions.RetentionDays"/>: their files are first removed from the manifest, and then
/// deleted. The manifest keeps its covered offsets, so that a dropped day is not written again from the archive.
/// </summary>
internal sealed class LakeRetention(LakeCatalog catalog, LakeCommits commits, LakeOptions options, TimeProvider time)
{
    /// <summary>Files that were dropped and can be deleted.</summary>
    public List<string> Dropped { get; } = [];

    /// <summary>The number of days to keep; null for all.</summary>
    public int? Days => options.RetentionDays;

    /// <summary>The start of the retention period, Unix ms, UTC; null if everything is kept.</summary>
    /// <remarks>The retention period ends at the newest tick if the clock is ahead of it, so that a wrong clock drops nothing.</remarks>
    public long? CutoffMs => options.RetentionDays is { } days && NewestMs is { } newest
        ? Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds(), newest) - (long)TimeSpan.FromDays(days).TotalMilliseconds : null;

    private long? NewestMs => catalog.Days.Values.SelectMany(day => day.Manifest.Files).Max(file => (long?)file.LastMs);

    /// <summary>Drops the days that are due. After a crash, the next call drops the remaining days.</summary>
    /// <returns>The previous manifests of the dropped days.</returns>
    /// <exception cref="LakeConflictException">Another writer has changed a day.</exception>
    public async Task<IReadOnlyList<DayEntry>> DropAsync(CancellationToken cancellationToken)
    {
        if (CutoffMs is not { } cutoff)
        {
            return [];
        }

        var dropped = catalog.Days.Values.Where(day => IsDue(day, cutoff)).OrderBy(day => day.Day.StartMs).ToList();
        foreach (var entry in dropped)
        {
            await commits.PutAsync(
                entry.Day, entry.Manifest with { Files = [], DroppedMs = time.GetUtcNow().ToUnixTimeMilliseconds() }, cancellationToken);
            Dropped.AddRange(entry.Manifest.Files.Select(file => $"{entry.Day}/{file.Name}"));
        }

        return dropped;
    }

    /// <summary>
    /// Whether a day may be dropped. A file that is added to an old day, for late ticks or by an import, restarts the day's retention time.
    /// </summary>
    private static bool IsDue(DayEntry entry, long cutoffMs) => entry.Manifest.Files.Count > 0
        && entry.Day.EndMs <= cutoffMs && entry.Manifest.Files.All(file => file.LastMs < cutoffMs && file.AddedMs < cutoffMs);
}
