namespace CloudTicks.Functions.Disks;

/// <summary>What was seen of the disks last.</summary>
public sealed class DiskStates
{
    private volatile IReadOnlyList<DiskState> _all = [];

    /// <summary>Empty before the first look.</summary>
    internal IReadOnlyList<DiskState> All
    {
        get => _all;
        set => _all = value;
    }
}
