using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Lake;

/// <summary>Where the lake is and how it is written. Section <c>Lake</c>.</summary>
public sealed record LakeOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "Lake";

    /// <summary>The folder of the lake; null for none, which turns it off.</summary>
    public string? Folder { get; init; }

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

    /// <summary>A day of more bytes keeps a file an hour; 256 MiB by default.</summary>
    [Range(0, 1L << 40)]
    public long MaxMergedBytes { get; init; } = 256L << 20;
}
