namespace CloudTicks.Functions.Disks;

/// <summary>The latest states of the disks.</summary>
public sealed class DiskStates
{
    private volatile IReadOnlyList<DiskState> _all = [];

    /// <summary>Empty before the first poll.</summary>
    internal IReadOnlyList<DiskState> All
    {
        get => _all;
        set => _all = value;
    }
}
