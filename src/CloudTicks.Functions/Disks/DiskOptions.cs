using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.Disks;

/// <summary>How the disks of the table, the archive, the spool and the lake are watched. Section <c>Disks</c>.</summary>
public sealed record DiskOptions
{
    /// <summary>The free space below which a disk is in warning state, 0 to 100 percent; 5 by default.</summary>
    [Range(0, 100)]
    public double WarningFreePercent { get; init; } = 5;

    /// <summary>The free space below which a disk is critical, 0 to 100 percent; 2 by default.</summary>
    [Range(0, 100)]
    public double CriticalFreePercent { get; init; } = 2;

    /// <summary>A disk that will be full within this time is in warning state. 0 to 365 days; one day by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan WarningBefore { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A disk that will be full within this time is critical. 0 to 365 days; 4 hours by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan CriticalBefore { get; init; } = TimeSpan.FromHours(4);

    /// <summary>The poll interval, 1 s to 1 hour; 1 minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A local folder on the database's disk; null to use its data folder, if that is visible.</summary>
    public string? TableFolder { get; init; }

    /// <summary>
    /// The size of the database's disk in bytes, for a server without a visible folder (a managed server); null if unknown.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long? TableBytes { get; init; }
}
