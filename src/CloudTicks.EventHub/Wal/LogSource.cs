namespace CloudTicks.EventHub.Wal;

/// <summary>The entries of one client. They keep their order; entries of other sources may overtake them.</summary>
internal sealed class LogSource
{
    /// <summary>Used by the queue: the virtual finish time of the last entry, in bytes.</summary>
    public long Finish { get; set; }

    /// <summary>Used by the queue: the entries that wait for a sliced entry of the source; null when there is none.</summary>
    public List<(LogEntry Entry, LogPriority Priority)>? Blocked { get; set; }
}
