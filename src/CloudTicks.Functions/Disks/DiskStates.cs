namespace CloudTicks.Functions.Disks;

/// <summary>The latest states of the disks.</summary>
public sealed class DiskStates
{
    private volatile IReadOnlyList<DiskState> _all = [];

    /// <summary>The states of all disks; empty before the first poll.</summary>
    internal IReadOnlyList<DiskState> All
    {
        get => _all;
        set => _all = value;
    }
}
