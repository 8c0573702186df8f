using CloudTicks.EventStream;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.EventHub;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} cannot be used yet: {Reason}. The collector retries, and collects nothing until the event "
            + "hub can be used")]
    public static partial void HubNotReady(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} is unavailable ({Reason}); ticks are spooled on disk until it is available again")]
    public static partial void StartsWithoutHub(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Hub} lost the archive: {Reason}. The collector creates it again and sends all unacknowledged records, {Records} in "
            + "memory and those on disk. Restore older records from a backup of the event hub")]
    public static partial void ArchiveLost(this ILogger logger, EventStreamConnection hub, string reason, int records);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "The archive cannot be created again at {Hub}; the collector retries every second: {Reason}")]
    public static partial void ArchiveNotCreated(this ILogger logger, EventStreamConnection hub, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The archive at {Hub} was created again; {Records} records were resent")]
    public static partial void ArchiveCreated(this ILogger logger, EventStreamConnection hub, long records);
}
