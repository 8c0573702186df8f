namespace CloudTicks.Functions.Disks;

internal enum DiskLevel
{
    /// <summary>The free space is unknown.</summary>
    Unknown,

    Ok,

    /// <summary>The disk will be full soon.</summary>
    Warning,

    Critical,
}
