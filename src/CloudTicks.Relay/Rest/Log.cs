namespace CloudTicks.Relay.Rest;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Warning, "The record {Partition}/{Offset} of the archive was skipped in a REST response: {Fault}")]
    public static partial void RecordSkipped(this ILogger logger, int partition, long offset, string fault);

    [LoggerMessage(LogLevel.Warning, "A REST request was refused for now: {Reason}")]
    public static partial void RestRefused(this ILogger logger, string reason);
}
