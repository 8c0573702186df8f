namespace CloudTicks.Lake.Manifests;

/// <summary>
/// The lake's next offsets by stream and partition: every tick of earlier records is in the files of the tick's day. A position that is too
/// low costs only time: the manifests state which records each day has, so no tick is added twice.
/// </summary>
internal sealed record LakePositions
{
    /// <summary>The format version that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format version.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>By stream, pairs of partition and next offset.</summary>
    public IReadOnlyDictionary<string, long[][]> Next { get; init; } = new Dictionary<string, long[][]>();

    /// <summary>
    /// The number of bytes of archive records that the lake has read. Records that are read again after damage are counted again.
    /// </summary>
    public long ArchiveBytes { get; init; }

    /// <summary>The number of ticks in the records of <see cref="ArchiveBytes"/>.</summary>
    public long ArchiveTicks { get; init; }

    /// <summary>
    /// The time up to which the lake is complete, Unix ms by the writer's clock: it has every record that was archived earlier. 0 if
    /// unknown. Readers of table and lake rely on this time.
    /// </summary>
    public long CompleteToMs { get; init; }

    public long NextOf(string stream, int partition) => Next.TryGetValue(stream, out var partitions)
        ? partitions.FirstOrDefault(entry => entry[0] == partition)?[1] ?? 0 : 0;

    /// <summary>Returns a copy with new positions of some partitions.</summary>
    public LakePositions With(string stream, IReadOnlyDictionary<int, long> next)
    {
        var allPositions = Next.GetValueOrDefault(stream, []).ToDictionary(entry => (int)entry[0], entry => entry[1]);
        foreach (var (partition, offset) in next)
        {
            allPositions[partition] = offset;
        }

        return this with
        {
            Next = new Dictionary<string, long[][]>(Next)
            {
                [stream] = [.. allPositions.OrderBy(entry => entry.Key).Select(entry => new[] { entry.Key, entry.Value })],
            },
        };
    }
}
