namespace CloudTicks.EventHub.Wal;

internal sealed record WalSettings
{
    /// <summary>A new file begins when the current one has reached this.</summary>
    public long FileBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>A checkpoint begins when the log has grown by this; recovery reads at most a little more.</summary>
    public long CheckpointBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Entries that share one write and one flush.</summary>
    public int MaxEntriesPerWrite { get; init; } = 1024;
}
