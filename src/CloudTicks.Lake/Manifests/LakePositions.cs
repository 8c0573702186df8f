namespace CloudTicks.Lake.Manifests;

/// <summary>
/// The lake's next offsets by stream and partition: every tick of earlier records is in its day. A position that is too low costs only
/// time, because the manifests say what each day has.
/// </summary>
internal sealed record LakePositions
{
    /// <summary>The version of the form that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the form.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>By stream: partition and next offset.</summary>
    public IReadOnlyDictionary<string, long[][]> Next { get; init; } = new Dictionary<string, long[][]>();

    /// <summary>Bytes of the archive's records that the lake has read; records read again after damage count again.</summary>
    public long ArchiveBytes { get; init; }

    /// <summary>Ticks of these records.</summary>
    public long ArchiveTicks { get; init; }

    /// <summary>
    /// Every record that was archived before this time is in its day, Unix ms by the writer's clock; 0 where that is not known. Readers
    /// that go on into the lake where the table ends rely on it.
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
