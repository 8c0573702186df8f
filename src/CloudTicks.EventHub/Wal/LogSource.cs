namespace CloudTicks.EventHub.Wal;

/// <summary>Where entries of one client come from. Its entries are written in their order; those of others may pass them.</summary>
internal sealed class LogSource
{
    /// <summary>The queue's: its turn ends here, in bytes.</summary>
    public long Finish { get; set; }

    /// <summary>The queue's: what waits behind an entry that is written in slices; null while there is none.</summary>
    public List<(LogEntry Entry, LogPriority Turn)>? Behind { get; set; }
}
