namespace CloudTicks.Relay.Archive;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Following the archive: {Partitions} partitions, each from its end")]
    public static partial void TailOpened(this ILogger logger, int partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "No client is subscribed: the archive is not read until one subscribes")]
    public static partial void TailPaused(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The archive is unreadable: {Reason}. Clients get no events until it is readable; then the tail resumes where it "
            + "stopped")]
    public static partial void ArchiveUnavailable(this ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The archive has been unreadable for {Seconds:0} s: {Reason}. Is the event hub running?")]
    public static partial void ArchiveStillUnavailable(this ILogger logger, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The archive is readable again, after {Seconds:0.0} s")]
    public static partial void ArchiveAvailableAgain(this ILogger logger, double seconds);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Partition {Partition}: the tail was at offset {Position}, but the archive has offsets {Low} to {High}. The tail "
            + "continues at {Next}; clients of its symbols are warned, and can catch up with 'since'")]
    public static partial void PositionDeleted(this ILogger logger, int partition, long position, long low, long high, long next);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The archive was replaced ({Before}, now {Now}): the tail reads the records of the new one since {From:O}, and all "
            + "clients are warned")]
    public static partial void ArchiveReplaced(this ILogger logger, string before, string now, DateTimeOffset from);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Partition {Partition}: the record at offset {Offset} is unreadable ({Reason}) and was skipped. Further ones are "
            + "only counted: cloudticks.relay.archive.refused")]
    public static partial void RecordUnreadable(this ILogger logger, int partition, long offset, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Partition {Partition}: a tick of the record at offset {Offset} {Reason}, and was skipped. Further ones are only "
            + "counted: cloudticks.relay.archive.refused")]
    public static partial void TickRefused(this ILogger logger, int partition, long offset, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A client that is catching up gets no events {Period} (Unix ms): {Reason}")]
    public static partial void LakeUnreadable(this ILogger logger, string period, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A client that is catching up gets no more events from the lake: {Reason}")]
    public static partial void LakeUnavailable(this ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Partitions} partitions of the archive deleted records before the lake had stored them: clients that are catching up "
            + "get no events archived {Period} (Unix ms)")]
    public static partial void LakeLagged(this ILogger logger, int partitions, string period);
}
