namespace CloudTicks.Functions.Disks;

internal enum DiskLevel
{
    /// <summary>Its free space is not known.</summary>
    Unknown,

    Ok,

    /// <summary>It will be full before long.</summary>
    Warning,

    Critical,
}
