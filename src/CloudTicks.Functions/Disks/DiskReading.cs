namespace CloudTicks.Functions.Disks;

/// <summary>What is known of a disk at a moment.</summary>
/// <param name="Name">What it is the disk of: <c>table</c>, <c>archive</c>, <c>spool</c> or <c>lake</c>.</param>
internal sealed record DiskReading(string Name, string Where, string Cure)
{
    /// <summary>Bytes that are used by what it is the disk of; null when not known.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that may still be written; null when not known.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Its size; null when not known.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>When what fills it stops growing by itself; null when it does not.</summary>
    public TimeSpan? SteadyIn { get; init; }

    /// <summary>What is not known, and how it could be, as a sentence.</summary>
    public string? Note { get; init; }
}
