namespace CloudTicks.EventHub.Wal;

internal sealed class LogUnavailableException(LogFailure reason) : Exception($"The log did not accept the entry: {reason}")
{
    public LogFailure Reason => reason;
}
