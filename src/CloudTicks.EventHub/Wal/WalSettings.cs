namespace CloudTicks.EventHub.Wal;

internal sealed record WalSettings
{
    /// <summary>Maximum bytes of a small entry.</summary>
    public const int SmallBytes = 16 * 1024;

    /// <summary>
    /// Size at which a new file begins. When a file is mostly unused, its remaining records, at most half of the file, are copied; the
    /// reserved free space has room for them.
    /// </summary>
    public long FileBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of the newest batches that are kept in memory for readers.</summary>
    public int MemoryBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes that are reserved for deletions on a full disk.</summary>
    public int ReserveBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Growth of the log between checkpoints, in bytes; recovery reads at most slightly more than this.</summary>
    public long CheckpointBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Maximum number of entries in one write and flush.</summary>
    public int MaxEntriesPerWrite { get; init; } = 1024;

    /// <summary>Maximum bytes of the entries in one write and flush; larger entries are written in slices.</summary>
    public int MaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Maximum bytes of the entries in one write while small entries arrive, instead of <see cref="MaxBytes"/>.</summary>
    public int SharedBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of a slice that shares a flush with small entries.</summary>
    public int SliceBytes { get; init; } = 256 * 1024;

    /// <summary>The time after a small entry during which more small entries are expected.</summary>
    public TimeSpan ShareTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Maximum time that a write waits for more entries while writes follow each other within <see cref="BusyWindow"/>. The wait saves
    /// flushes, which cost the same for one entry as for a hundred. The wait ends as soon as there are as many entries as in the previous
    /// write, because callers that received their responses together mostly send their next entries together. A single producer that waits
    /// for each acknowledgement is never delayed. A write above <see cref="InlineBytes"/> does not wait, because its bytes cost more than
    /// the flush.
    /// </summary>
    public TimeSpan GatherTime { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Maximum pause between writes after which a write may wait for more entries; after a longer pause the first entry is written at once.
    /// Producers that batch by a timer send entries every 10 to 20 ms; with a shorter maximum, the first entry of each round would be
    /// flushed alone, and the others in groups of two or three.
    /// </summary>
    public TimeSpan BusyWindow { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Maximum bytes of a write that the log thread itself applies and completes when the queue is empty.</summary>
    public int InlineBytes { get; init; } = 64 * 1024;
}
