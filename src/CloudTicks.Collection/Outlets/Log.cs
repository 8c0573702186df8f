using CloudTicks.EventStream;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Outlets;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A rejected element is not kept, because {File} cannot be written ({Problem}); further ones are only counted")]
    public static partial void RejectedNotKept(this ILogger logger, string file, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Size} of records in {Folder} wait for {Destination}; they are kept, and not sent to {Current}. "
        + "To deliver them start the collector on this data folder with {Setting}")]
    public static partial void SpoolOfAnother(
        this ILogger logger, ByteSize size, string folder, string destination, string current, string setting);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Hub} has lost the archive: {Reason}. It is made anew, and all that was not acknowledged, {Records} records in memory "
            + "and what is on disk, is sent into it; what stood in it before is gone with its data folder, unless somebody has a copy")]
    public static partial void ArchiveLost(this ILogger logger, EventStreamConnection hub, string reason, int records);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "The archive cannot be made anew at {Hub}, which is tried again every second: {Reason}")]
    public static partial void ArchiveNotMade(this ILogger logger, EventStreamConnection hub, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The archive is there again at {Hub}; {Records} records were sent again")]
    public static partial void ArchiveMade(this ILogger logger, EventStreamConnection hub, long records);
}
