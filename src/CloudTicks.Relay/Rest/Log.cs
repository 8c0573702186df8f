namespace CloudTicks.Relay.Rest;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Warning, "The record {Partition}/{Offset} of the archive is left out of an answer over REST: {Fault}")]
    public static partial void RecordLeftOut(this ILogger logger, int partition, long offset, string fault);

    [LoggerMessage(LogLevel.Warning, "A REST request was refused for now: {Reason}")]
    public static partial void RestRefused(this ILogger logger, string reason);
}
