using CloudTicks.EventStream;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.EventHub;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} cannot be used yet: {Reason}. Nothing is collected until it can; trying again")]
    public static partial void HubNotReady(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} is away ({Reason}); what comes is spooled on disk until it is back")]
    public static partial void StartsWithoutHub(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Hub} has lost the archive: {Reason}. It is made anew, and all that was not acknowledged, {Records} records in memory "
            + "and what is on disk, is sent into it; what stood in it before is gone with its data folder, unless there is a copy")]
    public static partial void ArchiveLost(this ILogger logger, EventStreamConnection hub, string reason, int records);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "The archive cannot be made anew at {Hub}, which is tried again every second: {Reason}")]
    public static partial void ArchiveNotMade(this ILogger logger, EventStreamConnection hub, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The archive is there again at {Hub}; {Records} records were sent again")]
    public static partial void ArchiveMade(this ILogger logger, EventStreamConnection hub, long records);
}
