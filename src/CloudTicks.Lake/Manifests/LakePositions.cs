namespace CloudTicks.Lake.Manifests;

/// <summary>
/// The lake's next offsets by stream and partition: every tick of earlier records is in the files of its day. A position that is too low
/// costs only time, because the manifests state which records each day has.
/// </summary>
internal sealed record LakePositions
{
    /// <summary>The format version that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format version.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>By stream: partition and next offset.</summary>
    public IReadOnlyDictionary<string, long[][]> Next { get; init; } = new Dictionary<string, long[][]>();

    /// <summary>
    /// Bytes of the archive's records that the lake has read; records that are read again after damage are counted again.
    /// </summary>
    public long ArchiveBytes { get; init; }

    /// <summary>Ticks in these records.</summary>
    public long ArchiveTicks { get; init; }

    /// <summary>
    /// Every record that was archived before this time is in the lake, Unix ms by the writer's clock; 0 if unknown. Readers that continue
    /// in the lake where the table ends rely on it.
    /// </summary>
    public long CompleteToMs { get; init; }

    public long NextOf(string stream, int partition) => Next.TryGetValue(stream, out var partitions)
        ? partitions.FirstOrDefault(entry => entry[0] == partition)?[1] ?? 0 : 0;

    /// <summary>A copy with new positions of some partitions.</summary>
    public LakePositions With(string stream, IReadOnlyDictionary<int, long> next)
    {
        var all = Next.GetValueOrDefault(stream, []).ToDictionary(entry => (int)entry[0], entry => entry[1]);
        foreach (var (partition, offset) in next)
        {
            all[partition] = offset;
        }

        return this with
        {
            Next = new Dictionary<string, long[][]>(Next)
            {
                [stream] = [.. all.OrderBy(entry => entry.Key).Select(entry => new[] { entry.Key, entry.Value })],
            },
        };
    }
}
