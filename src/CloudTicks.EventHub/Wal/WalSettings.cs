namespace CloudTicks.EventHub.Wal;

internal sealed record WalSettings
{
    /// <summary>Entries of no more than this are small.</summary>
    public const int SmallBytes = 16 * 1024;

    /// <summary>
    /// A new file begins when the current one has reached this. What is still wanted of one that is mostly not is written again, at most
    /// half
    /// of it, which has room in the space that the hub leaves free.
    /// </summary>
    public long FileBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The newest batches that are kept in memory for readers.</summary>
    public int MemoryBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Space that is held for deletions on a disk that is full to the last byte.</summary>
    public int ReserveBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>A checkpoint begins when the log has grown by this; recovery reads at most a little more.</summary>
    public long CheckpointBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Entries that share one write and one flush.</summary>
    public int MaxEntriesPerWrite { get; init; } = 1024;

    /// <summary>Entries that share one write and one flush, in bytes; larger ones are written in slices.</summary>
    public int MaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The same while small entries come too.</summary>
    public int SharedBytes { get; init; } = 1024 * 1024;

    /// <summary>A slice of a larger entry that shares a flush with small ones.</summary>
    public int SliceBytes { get; init; } = 256 * 1024;

    /// <summary>Small ones are expected for so long after the last one.</summary>
    public TimeSpan Sharing { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A flush costs the same for one entry and for a hundred. Who was answered together mostly comes back together, and a producer of many
    /// partitions sends an entry for each: so while writes follow each other within <see cref="Busy"/>, one waits at most this long until
    /// as many entries are there as the one before had. A producer that waits for each answer has one, which waits for nothing; and with
    /// more than <see cref="LittleBytes"/> the bytes cost more than the flush, and the disk is not to be idle.
    /// </summary>
    public TimeSpan Gathering { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// The first entry after a longer pause is written at once. Producers that gather by a clock send a round of entries every 10 to 20 ms;
    /// with less than that the first of each round was flushed alone, and the others by twos and threes.
    /// </summary>
    public TimeSpan Busy { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A write of no more than this, with none waiting behind it, is applied and answered by the thread that wrote it.</summary>
    public int LittleBytes { get; init; } = 64 * 1024;
}
