using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Timescale;

/// <summary>How ticks are stored. Section <c>Timescale</c>.</summary>
public sealed record TimescaleOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Timescale";

    /// <summary>Connections that write at the same time, 1 to 16; 2 by default: more only fight for the same index pages.</summary>
    [Range(1, 16)]
    public int Writers { get; init; } = 2;

    /// <summary>Rows from which no more partitions join a transaction, 1,000 to 1,000,000; 50,000 by default, about 6 MB.</summary>
    [Range(1_000, 1_000_000)]
    public int RowsPerTransaction { get; init; } = 50_000;

    /// <summary>
    /// Bytes of rows in one transaction at which no more waiting partitions join it, and a partition's run is cut, 1 MiB to 1 GiB; 16 MiB
    /// by default.
    /// </summary>
    [Range(1L << 20, 1L << 30)]
    public long BytesPerTransaction { get; init; } = 16 << 20;

    /// <summary>
    /// The longest that ticks wait for company in their transaction, 0 to 1 minute; 1 s by default. They wait only while small transactions
    /// follow each other, and then for as long as the last one took, or until 48 ms after it began. 0 never waits.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Rows of one partition in one transaction at which the rest of a run waits for the next, 100 to 1,000,000; 20,000 by default. It
    /// bounds memory: about 130 bytes a row and partition, with the rows of one more record.
    /// </summary>
    [Range(100, 1_000_000)]
    public int RowsPerPartition { get; init; } = 20_000;

    /// <summary>
    /// How many of a partition's latest ticks are known without asking the table, 1,024 to 1,048,576; 16,384 by default. A repeat
    /// within them costs nothing; one beyond makes its whole transaction take the slower way by a staging table.
    /// </summary>
    [Range(1_024, 1_048_576)]
    public int RecentTicks { get; init; } = 16_384;

    /// <summary>
    /// Older ticks are counted and not stored, and chunks of older ticks dropped; 1 hour and up, 3 days by default. Null (an empty setting)
    /// stores them all, whatever their age, and drops none.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? RetentionWindow { get; init; } = TimeSpan.FromDays(3);

    /// <summary>
    /// Chunks whose newest possible tick is older are compressed, where TimescaleDB can (its Community edition); 1 hour and up, 2 hours by
    /// default. Null (an empty setting) compresses none; what is compressed stays so.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan? CompressAfter { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// When the disk of the table is critically full, its oldest chunks go early, one a minute, as long as it is; false by default. Never
    /// the newest, nor one that ended less than a chunk's length ago.
    /// </summary>
    public bool DropEarlyWhenDiskCritical { get; init; }

    /// <summary>The name of offsets in <c>stream_offsets</c>; by default the consumer group's, <c>timescale</c>.</summary>
    [Required]
    public string Consumer { get; init; } = "timescale";
}
