namespace CloudTicks.EventHub.Wal;

/// <summary>The priority of an entry in the queue: the smallest is written first.</summary>
/// <param name="Finish">Virtual finish time in bytes: when the entry would be written if all sources were served in parallel.</param>
/// <param name="Number">Order of arrival, for entries with the same finish time.</param>
internal readonly record struct LogPriority(long Finish, long Number) : IComparable<LogPriority>
{
    public int CompareTo(LogPriority other) =>
        Finish == other.Finish ? Number.CompareTo(other.Number) : Finish.CompareTo(other.Finish);
}
