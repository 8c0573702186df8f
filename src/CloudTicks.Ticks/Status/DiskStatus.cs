namespace CloudTicks.Ticks.Status;

/// <summary>The latest measurement of a disk by the functions. A figure is null while it is unknown.</summary>
/// <param name="Name"><c>table</c>, <c>archive</c> or <c>spool</c>.</param>
/// <param name="State"><c>ok</c>, <c>warning</c>, <c>critical</c> or <c>unknown</c>.</param>
public sealed record DiskStatus(string Name, string State)
{
    /// <summary>The location of the table, archive or spool, for display.</summary>
    public string? Where { get; init; }

    /// <summary>Bytes used by the table, archive or spool.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that are free on the disk, or that remain until the configured limit.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The disk's size, or the limit configured for the table or the spool.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Growth in bytes per hour.</summary>
    public double? BytesPerHour { get; init; }

    /// <summary>Hours until the disk is full; null also when it does not fill up within a year.</summary>
    public double? HoursUntilFull { get; init; }

    /// <summary>What is wrong and what to do; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>Which of the figures are unknown, and what to configure so that they are known.</summary>
    public string? Note { get; init; }
}
