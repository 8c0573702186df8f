using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Timescale;

/// <summary>Options of the tick store. Section <c>Timescale</c>.</summary>
public sealed record TimescaleOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Timescale";

    /// <summary>
    /// Concurrent writing connections, 1 to 16; 2 by default, because more writers would compete for the same index pages.
    /// </summary>
    [Range(1, 16)]
    public int Writers { get; init; } = 2;

    /// <summary>Rows after which no more partitions join a transaction, 1,000 to 1,000,000; 50,000 by default, about 6 MB.</summary>
    [Range(1_000, 1_000_000)]
    public int RowsPerTransaction { get; init; } = 50_000;

    /// <summary>
    /// Bytes of rows after which no more partitions join a transaction and a partition's records are split, 1 MiB to 1 GiB; 16 MiB by
    /// default.
    /// </summary>
    [Range(1L << 20, 1L << 30)]
    public long BytesPerTransaction { get; init; } = 16 << 20;

    /// <summary>
    /// The maximum time for which ticks wait for other ticks to share their transaction, 0 to 1 minute; 1 s by default. Ticks wait only
    /// while small transactions follow each other: after a transaction, for as long as it took, and at least until 48 ms after its start. 0
    /// disables the wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Rows of one partition per transaction, 100 to 1,000,000; 20,000 by default. Further records wait for the next transaction. The limit
    /// bounds memory: about 130 bytes per row and partition, plus the rows of one record.
    /// </summary>
    [Range(100, 1_000_000)]
    public int RowsPerPartition { get; init; } = 20_000;

    /// <summary>
    /// Latest ticks of a partition that are remembered in memory, 1,024 to 1,048,576; 16,384 by default. A repeat of a remembered tick
    /// costs nothing; an older repeat makes its transaction use the slower staging table.
    /// </summary>
    [Range(1_024, 1_048_576)]
    public int RecentTicks { get; init; } = 16_384;

    /// <summary>
    /// Ticks older than this are counted, not stored, and chunks of older ticks are dropped; at least 1 hour, 3 days by default. Null (an
    /// empty setting) stores ticks of any age and drops none.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? RetentionWindow { get; init; } = TimeSpan.FromDays(3);

    /// <summary>
    /// Chunks that ended longer ago than this are compressed, with TimescaleDB's Community edition; at least 1 hour, 2 hours by default.
    /// Null (an empty setting) compresses none; compressed chunks stay compressed.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? CompressAfter { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// Whether to drop the oldest chunks early, one at each check of the disk, while the disk of the table is critically full; false by
    /// default. The newest chunk, and any chunk that ended less than a chunk's length ago, are never dropped.
    /// </summary>
    public bool DropEarlyWhenDiskCritical { get; init; }

    /// <summary>The consumer in <c>stream_offsets</c>; by default the consumer group, <c>timescale</c>.</summary>
    [Required]
    public string Consumer { get; init; } = "timescale";
}
