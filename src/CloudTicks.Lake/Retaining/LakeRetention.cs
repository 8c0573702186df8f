using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Retaining;

/// <summary>
/// Drops whole days that are older than <see cref="LakeOptions.RetentionDays"/>: first their manifest names no file any more, then the
/// files go. What the manifest covers stays, so that the archive does not bring a dropped day back.
/// </summary>
internal sealed class LakeRetention(LakeCatalog catalog, LakeCommits commits, LakeOptions options, TimeProvider time)
{
    /// <summary>Files that were dropped and can be deleted.</summary>
    public List<string> Dropped { get; } = [];

    /// <summary>Days that are kept; null for all.</summary>
    public int? Days => options.RetentionDays;

    /// <summary>The first moment that is kept, Unix ms, UTC; null when everything is.</summary>
    /// <remarks>It counts from the newest tick where the clock is ahead of it, so that a wrong clock drops nothing.</remarks>
    public long? CutoffMs => options.RetentionDays is { } days && NewestMs is { } newest
        ? Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds(), newest) - (long)TimeSpan.FromDays(days).TotalMilliseconds : null;

    private long? NewestMs => catalog.Days.Values.SelectMany(day => day.Manifest.Files).Max(file => (long?)file.LastMs);

    /// <summary>Drops the days that are due. A crash between two of them leaves the others to the next call.</summary>
    /// <returns>The manifests as they were.</returns>
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

    /// <summary>A file that was added since, such as late ticks or an import, keeps its day for the whole time again.</summary>
    private static bool IsDue(DayEntry entry, long cutoffMs) => entry.Manifest.Files.Count > 0
        && entry.Day.EndMs <= cutoffMs && entry.Manifest.Files.All(file => file.LastMs < cutoffMs && file.AddedMs < cutoffMs);
}
