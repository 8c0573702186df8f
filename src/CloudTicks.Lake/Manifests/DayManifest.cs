namespace CloudTicks.Lake.Manifests;

/// <summary>
/// The current files of a day, and the records of the archive that they hold. A new version replaces the whole manifest, so that a merge
/// of a whole day is atomic.
/// </summary>
public sealed record DayManifest
{
    /// <summary>The version of the form that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the form.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The files that count.</summary>
    public IReadOnlyList<LakeFile> Files { get; init; } = [];

    /// <summary>
    /// By stream: partition and offset. Every tick of this day in a record before that offset is in the files, so that a record is never
    /// taken twice, however the archive is cut into rounds.
    /// </summary>
    public IReadOnlyDictionary<string, long[][]> Covered { get; init; } = new Dictionary<string, long[][]>();

    /// <summary>When retention dropped the files that the day had until then, Unix ms, UTC; null where none was dropped.</summary>
    public long? DroppedMs { get; init; }

    /// <summary>The offset of a partition up to which this day is complete; 0 where nothing is known.</summary>
    internal long CoveredTo(string stream, int partition) => Covered.TryGetValue(stream, out var partitions)
        ? partitions.FirstOrDefault(entry => entry[0] == partition)?[1] ?? 0 : 0;

    /// <summary>A copy with added files, covering the records of a round.</summary>
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

    /// <summary>A copy in which a merged file replaces its sources.</summary>
    internal DayManifest Replace(IReadOnlyCollection<LakeFile> old, LakeFile merged) =>
        this with { Files = [.. Files.Where(file => !old.Contains(file)), merged] };
}
