using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Lake;

/// <summary>The settings of the lake, section <c>Lake</c>.</summary>
public sealed record LakeOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "Lake";

    /// <summary>The folder of the lake; null for none. Without it and <see cref="Address"/> there is no lake.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// The lake in an object store: <c>s3://bucket/prefix?endpoint=…&amp;region=…</c>, or
    /// <c>https://account.blob.core.windows.net/container/prefix</c>; null for none. It holds no secret.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>Where files of an object store are kept for reading and merging; null for a folder below the temporary one.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>What <see cref="CacheFolder"/> may hold, 256 MiB to 1 TiB; 10 GiB by default.</summary>
    [Range(256L << 20, 1L << 40)]
    public long CacheBytes { get; init; } = LakeStores.DefaultCacheBytes;

    /// <summary>Between two rounds while the lake keeps up, 0 to an hour; a minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes of the archive's records that a round takes at most, 1 MiB to 256 MiB; 16 MiB by default.</summary>
    [Range(1 << 20, 256 << 20)]
    public int MaxRoundBytes { get; init; } = 16 << 20;

    /// <summary>Ticks that a round takes at most; 500,000 by default.</summary>
    [Range(1_000, 20_000_000)]
    public int MaxRoundTicks { get; init; } = 500_000;

    /// <summary>Memory of DuckDB, 64 MiB to 16 GiB; 256 MiB by default. What does not fit goes to disk.</summary>
    [Range(64L << 20, 16L << 30)]
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Memory of DuckDB for all requests together that read the lake, 64 MiB to 16 GiB; 256 MiB by default. What does not fit goes to disk.
    /// </summary>
    [Range(64L << 20, 16L << 30)]
    public long ReadMemoryBytes { get; init; } = 256L << 20;

    /// <summary>An hour or a day is merged when it has ended, and nothing was added, for this long; 10 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MergeAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Days of ticks that the lake keeps, 1 to 36,500; null, the default, for all. Whole days are dropped.</summary>
    [Range(1, 36_500)]
    public int? RetentionDays { get; init; }

    /// <summary>
    /// Days after which the archive drops records that the lake has and <c>verify --check lake</c> has proved, 1 to 36,500; null, the
    /// default, for never. Not with Azure Event Hubs, whose retention is its own.
    /// </summary>
    [Range(1, 36_500)]
    public int? ArchiveRetentionDays { get; init; }

    /// <summary>The folder or the address; null without a lake.</summary>
    internal string? Place => Address is { Length: > 0 } ? Address : Folder is { Length: > 0 } ? Folder : null;

    /// <summary>A day of more bytes keeps a file an hour; 256 MiB by default.</summary>
    [Range(0, 1L << 40)]
    public long MaxMergedBytes { get; init; } = 256L << 20;
}
