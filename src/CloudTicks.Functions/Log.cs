using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "The database is not ready to store ticks: {Problem}. It is tried again until it is")]
    public static partial void DatabaseNotReady(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Critical, "{Problem}")]
    public static partial void SchemaWrong(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Records {First} to {Last} of {Partition} are not stored and were not delivered; reading them from the archive")]
    public static partial void ReadingMissing(this ILogger logger, StreamPartition partition, long first, long last);

    [LoggerMessage(LogLevel.Error, "Records {First} to {Last} of {Partition} were never stored, and the archive does not have them any more")]
    public static partial void RecordsGone(this ILogger logger, StreamPartition partition, long first, long last);

    [LoggerMessage(LogLevel.Warning, "{Records} records of {Partition} are not stored yet, and are tried again until they are: {Problem}")]
    public static partial void NotStored(this ILogger logger, int records, int partition, string problem);

    [LoggerMessage(LogLevel.Warning, "{Records} records are not published yet, and are published again until the server confirms them: {Problem}")]
    public static partial void NotPublished(this ILogger logger, int records, string problem);

    [LoggerMessage(LogLevel.Warning, "A record cannot be read and is not published, further ones are only counted: {Problem}")]
    public static partial void FirstUnreadable(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "The database did not answer a question, and 503 was the answer: {Problem}")]
    public static partial void NotAnswered(this ILogger logger, string problem);
}
