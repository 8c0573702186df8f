namespace CloudTicks.Lake.Manifests;

/// <summary>
/// The current files of a day, and the archive records whose ticks they hold. A new version replaces the whole manifest, so that a merge
/// of a whole day is atomic.
/// </summary>
public sealed record DayManifest
{
    /// <summary>The format version that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The manifest's format version.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The current files.</summary>
    public IReadOnlyList<LakeFile> Files { get; init; } = [];

    /// <summary>
    /// By stream, pairs of partition and offset: the files have every tick of this day from records before the offset. These records are
    /// not added again when a round is repeated.
    /// </summary>
    public IReadOnlyDictionary<string, long[][]> Covered { get; init; } = new Dictionary<string, long[][]>();

    /// <summary>
    /// When retention last dropped the day's files, Unix ms, UTC; null if it never did, or if a repair has rewritten the day since.
    /// </summary>
    public long? DroppedMs { get; init; }

    /// <summary>The offset of a partition up to which this day is complete; 0 if unknown.</summary>
    internal long CoveredTo(string stream, int partition) => Covered.TryGetValue(stream, out var partitions)
        ? partitions.FirstOrDefault(entry => entry[0] == partition)?[1] ?? 0 : 0;

    /// <summary>Returns a copy that has added files, and covers the records of a round.</summary>
    internal DayManifest With(IReadOnlyList<LakeFile> added, string stream, IReadOnlyList<RoundRange> ranges)
    {
        var partitions = ranges.Select(range => range.Partition)
            .Union(Covered.GetValueOrDefault(stream, []).Select(entry => (int)entry[0])).Order();
        var covered = new Dictionary<string, long[][]>(Covered)
        {
            [stream] =
            [
                .. partitions.Select(partition => new[]
                {
                    partition, Math.Max(CoveredTo(stream, partition), ranges.FirstOrDefault(range => range.Partition == partition).To),
                }),
            ],
        };
        return this with { Files = [.. Files, .. added], Covered = covered };
    }

    /// <summary>Returns a copy in which a merged file replaces the files from which it was merged.</summary>
    internal DayManifest Replace(IReadOnlyCollection<LakeFile> old, LakeFile merged) =>
        this with { Files = [.. Files.Where(file => !old.Contains(file)), merged] };
}
