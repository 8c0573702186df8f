using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Lake;

/// <summary>The settings of the lake, section <c>Lake</c>.</summary>
public sealed record LakeOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Lake";

    /// <summary>The folder of the lake. If this and <see cref="Address"/> are null, no lake is written.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// The address of a lake in an object store: <c>s3://bucket/prefix?endpoint=…&amp;region=…</c>, or
    /// <c>https://account.blob.core.windows.net/container/prefix</c>; null for none. The address must not contain a secret.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>
    /// Local cache for files of an object store, used for reading and merging; null for a folder inside the system's temporary folder.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>The maximum size of <see cref="CacheFolder"/>, bytes, 256 MiB to 1 TiB; 10 GiB by default.</summary>
    [Range(256L << 20, 1L << 40)]
    public long CacheBytes { get; init; } = LakeStores.DefaultCacheBytes;

    /// <summary>The interval between rounds while the lake keeps up, 0 to an hour; a minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of archive bytes per round, 1 MiB to 256 MiB; 16 MiB by default.</summary>
    [Range(1 << 20, 256 << 20)]
    public int MaxRoundBytes { get; init; } = 16 << 20;

    /// <summary>The maximum number of ticks per round, 1,000 to 20,000,000; 500,000 by default.</summary>
    [Range(1_000, 20_000_000)]
    public int MaxRoundTicks { get; init; } = 500_000;

    /// <summary>The memory limit of DuckDB, bytes, 64 MiB to 16 GiB; 256 MiB by default. Above it DuckDB spills to disk.</summary>
    [Range(64L << 20, 16L << 30)]
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>
    /// The memory limit of DuckDB for reading the lake, shared by all requests, bytes, 64 MiB to 16 GiB; 256 MiB by default. Above it
    /// DuckDB spills to disk.
    /// </summary>
    [Range(64L << 20, 16L << 30)]
    public long ReadMemoryBytes { get; init; } = 256L << 20;

    /// <summary>
    /// The delay before the files of an hour or a day are merged, counted from its end or from its last added file, whichever is later, 0
    /// to 7 days; 10 minutes by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MergeAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The number of days for which the lake keeps ticks, 1 to 36,500; null, the default, keeps all. Whole days are dropped.
    /// </summary>
    [Range(1, 36_500)]
    public int? RetentionDays { get; init; }

    /// <summary>
    /// The age in days at which the archive drops records that the lake has and <c>verify --check lake</c> has proved, 1 to 36,500; null,
    /// the default, keeps all. Not supported with Azure Event Hubs, which manages its own retention.
    /// </summary>
    [Range(1, 36_500)]
    public int? ArchiveRetentionDays { get; init; }

    /// <summary>The address or folder of the lake; null if none is configured.</summary>
    internal string? Location => Address is { Length: > 0 } ? Address : Folder is { Length: > 0 } ? Folder : null;

    /// <summary>The size in bytes above which a day keeps one file per hour, 0 to 1 TiB; 256 MiB by default.</summary>
    [Range(0, 1L << 40)]
    public long MaxMergedBytes { get; init; } = 256L << 20;
}
