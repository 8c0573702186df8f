namespace CloudTicks.Ticks.Status;

/// <summary>A disk as the functions know it; what is null is not known.</summary>
/// <param name="Name"><c>table</c>, <c>archive</c> or <c>spool</c>.</param>
/// <param name="State"><c>ok</c>, <c>warning</c>, <c>critical</c> or <c>unknown</c>.</param>
public sealed record DiskStatus(string Name, string State)
{
    /// <summary>Where it is, for people.</summary>
    public string? Where { get; init; }

    /// <summary>Bytes that the table, archive or spool takes.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that may still be written.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The disk's size.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>How fast what is on it grows.</summary>
    public double? BytesPerHour { get; init; }

    /// <summary>Hours until it is full; null also when it does not fill up.</summary>
    public double? HoursUntilFull { get; init; }

    /// <summary>What is wrong and what to do; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What is not known, and how it could be.</summary>
    public string? Note { get; init; }
}
