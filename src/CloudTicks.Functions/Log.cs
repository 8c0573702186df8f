using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "The database is not ready, and ticks wait in the archive until it is: {Problem}")]
    public static partial void DatabaseNotReady(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "The warm-up did not complete, so the first ticks may be delayed: {Reason}")]
    public static partial void NotWarmedUp(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The database is ready")]
    public static partial void DatabaseReady(this ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Ticks are not stored, and wait in the archive: {Problem}")]
    public static partial void StoringStopped(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Ticks are still not stored after {Seconds} s, and {Partitions} partitions are waiting: {Problem}")]
    public static partial void StoringStillStopped(this ILogger logger, long seconds, int partitions, string problem);

    [LoggerMessage(LogLevel.Information, "Ticks are stored again, after {Seconds} s")]
    public static partial void StoringResumed(this ILogger logger, long seconds);

    [LoggerMessage(
        LogLevel.Warning, "Records {First} to {Last} of {Partition} are not stored and were not delivered: they are read from the archive")]
    public static partial void ReadingMissingRecords(this ILogger logger, StreamPartition partition, long first, long last);

    [LoggerMessage(
        LogLevel.Error, "Records {First} to {Last} of {Partition} were never stored, and the archive no longer has them")]
    public static partial void RecordsDeleted(this ILogger logger, StreamPartition partition, long first, long last);

    [LoggerMessage(LogLevel.Debug, "The number of waiting records is unknown, and not reported to the central hub: {Problem}")]
    public static partial void LagUnknown(this ILogger logger, string problem);

    [LoggerMessage(
        LogLevel.Warning, "{Records} records could not be published, and are published again until NATS confirms them: {Problem}")]
    public static partial void NotPublished(this ILogger logger, int records, string problem);

    [LoggerMessage(LogLevel.Debug, "{Records} records are published again: {Problem}")]
    public static partial void PublishingRetried(this ILogger logger, int records, string problem);

    [LoggerMessage(LogLevel.Warning, "A record cannot be read and is not published; further ones are only counted: {Problem}")]
    public static partial void FirstUnreadable(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "The database did not answer; the response was 503: {Problem}")]
    public static partial void RequestFailed(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "A query failed; its client got 503 or an incomplete response: {Problem}")]
    public static partial void QueryFailed(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "An invalid command of POST /db_command was refused; further ones are only counted: {Problem}")]
    public static partial void FirstCommandRefused(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "The event hub does not accept the ticks of POST /db_command; the response is 503: {Problem}")]
    public static partial void CommandNotSaved(this ILogger logger, string problem);
}
