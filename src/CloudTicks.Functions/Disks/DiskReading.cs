namespace CloudTicks.Functions.Disks;

/// <summary>A reading of a disk.</summary>
/// <param name="Name">The disk's content: <c>table</c>, <c>archive</c>, <c>spool</c> or <c>lake</c>.</param>
internal sealed record DiskReading(string Name, string Where, string Remedy)
{
    /// <summary>Bytes that the content uses; null when unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Free bytes; null when unknown.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The size, bytes; null when unknown.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The time until the content stops growing, if that is known; otherwise null.</summary>
    public TimeSpan? GrowsFor { get; init; }

    /// <summary>What is unknown, and why, or how an operator can provide it; null if nothing is unknown.</summary>
    public string? Note { get; init; }
}
