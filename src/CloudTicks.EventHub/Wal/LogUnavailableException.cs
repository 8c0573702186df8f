namespace CloudTicks.EventHub.Wal;

/// <summary>The log did not take an entry.</summary>
internal sealed class LogUnavailableException(LogFailure reason) : Exception($"The log did not take the entry: {reason}")
{
    public LogFailure Reason => reason;
}
