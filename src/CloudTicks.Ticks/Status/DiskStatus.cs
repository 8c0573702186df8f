namespace CloudTicks.Ticks.Status;

/// <summary>A disk as the functions know it. Null members are unknown.</summary>
/// <param name="Name"><c>table</c>, <c>archive</c> or <c>spool</c>.</param>
/// <param name="State"><c>ok</c>, <c>warning</c>, <c>critical</c> or <c>unknown</c>.</param>
public sealed record DiskStatus(string Name, string State)
{
    /// <summary>The location of the table, archive or spool, for display.</summary>
    public string? Where { get; init; }

    /// <summary>Bytes used by the table, archive or spool.</summary>
    public long? Bytes { get; init; }

    /// <summary>Free bytes.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The disk's size.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Growth in bytes per hour.</summary>
    public double? BytesPerHour { get; init; }

    /// <summary>Hours until it is full; null also when it does not grow.</summary>
    public double? HoursUntilFull { get; init; }

    /// <summary>What is wrong and what to do; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>Which of the figures are unknown, and what to configure so that they are known.</summary>
    public string? Note { get; init; }
}
