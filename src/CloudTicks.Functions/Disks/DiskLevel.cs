namespace CloudTicks.Functions.Disks;

/// <summary>How a disk stands.</summary>
internal enum DiskLevel
{
    /// <summary>Its free space is not known.</summary>
    Unknown,

    /// <summary>There is room.</summary>
    Ok,

    /// <summary>It will be full before long.</summary>
    Warning,

    /// <summary>It is nearly full.</summary>
    Critical,
}
