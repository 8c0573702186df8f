namespace CloudTicks.EventHub.Wal;

/// <summary>When an entry is written: the smallest first.</summary>
/// <param name="Finish">Bytes of service after which it would be written if all sources were served side by side.</param>
/// <param name="Number">Of two that finish together, the one that came first.</param>
internal readonly record struct LogPriority(long Finish, long Number) : IComparable<LogPriority>
{
    public int CompareTo(LogPriority other) =>
        Finish == other.Finish ? Number.CompareTo(other.Number) : Finish.CompareTo(other.Finish);
}
