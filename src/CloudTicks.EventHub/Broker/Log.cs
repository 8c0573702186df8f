using CloudTicks.EventHub.Partitions;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Broker;

internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Information, "recovered {Folder}: {Topics} topics, {Size} of log read in {Milliseconds} ms")]
    public static partial void Recovered(this ILogger logger, string folder, int topics, ByteSize size, long milliseconds);

    [LoggerMessage(
        4, LogLevel.Warning,
        "cut {Size} of an unfinished write from the end of the log at position {Position}; nothing shows that any of it was "
            + "acknowledged")]
    public static partial void TornTail(this ILogger logger, ByteSize size, long position);

    [LoggerMessage(
        5, LogLevel.Error,
        "{File} is damaged from position {From} to {To}. Batches of that stretch that are whole are kept; records that are lost are "
            + "named by partition. Commits and changes of topics and groups in it may be undone, so that consumers may read some records "
                + "again")]
    public static partial void LogDamaged(this ILogger logger, string file, long from, long to);

    [LoggerMessage(
        80, LogLevel.Error,
        "the log ends at position {End}, but was acknowledged up to {Acknowledged}: its end is gone or damaged. Records "
            + "that are lost are named by partition. Commits and changes of topics and groups in it may be "
                + "undone, so that consumers may read some records again")]
    public static partial void LogCut(this ILogger logger, long end, long acknowledged);

    [LoggerMessage(
        82, LogLevel.Warning, "topic {Topic} is recovered from the file beside its partitions, because the log does not name it any more")]
    public static partial void TopicFound(this ILogger logger, string topic);

    [LoggerMessage(
        91, LogLevel.Warning,
        "the settings of topic {Topic} are taken from the file beside its partitions: the log's record of their last change is damaged")]
    public static partial void SettingsFound(this ILogger logger, string topic);

    [LoggerMessage(
        83, LogLevel.Error,
        "the log has records of partition {Partition} of a topic with number {Number}, whose name was in the damaged part: they are not "
            + "served. Restore the data folder from a copy to have them")]
    public static partial void TopicUnknown(this ILogger logger, int number, int partition);

    [LoggerMessage(
        84, LogLevel.Error,
        "{Partition} lost {Count} records, from offset {FirstOffset} to {LastOffset}: no whole copy of them is left. Their offsets are "
            + "not given out again. Fetch them from their source again (ticks: cloudticks backfill), or restore the data folder from a "
                + "copy; then rename {File} to {File}.accepted")]
    public static partial void RecordsLost(
        this ILogger logger, PartitionName partition, long count, long firstOffset, long lastOffset, string file);

    [LoggerMessage(
        6, LogLevel.Error,
        "{Segment} of {Partition} is damaged from offset {FirstOffset} to {LastOffset}: these records are not served, the rest is. "
            + "Restore the file from a copy, or fetch the records from their source again (ticks: cloudticks backfill) and then rename "
                + "{File} to {File}.accepted")]
    public static partial void BatchDamaged(
        this ILogger logger, string segment, PartitionName partition, long firstOffset, long lastOffset, string file);

    [LoggerMessage(85, LogLevel.Information, "{Partition} is whole again from offset {FirstOffset} to {LastOffset}")]
    public static partial void DamageMended(this ILogger logger, PartitionName partition, long firstOffset, long lastOffset);

    [LoggerMessage(86, LogLevel.Information, "the damage of {Partition} from offset {FirstOffset} to {LastOffset} is accepted")]
    public static partial void DamageAccepted(this ILogger logger, PartitionName partition, long firstOffset, long lastOffset);

    [LoggerMessage(87, LogLevel.Error, "damage that is not repaired: {Problem}")]
    public static partial void DamageStands(this ILogger logger, string problem);

    [LoggerMessage(88, LogLevel.Warning, "{Folder} cannot take the note of a damage, which is not remembered over a restart: {Reason}")]
    public static partial void DamageNotNoted(this ILogger logger, string folder, string reason);

    [LoggerMessage(
        7, LogLevel.Error,
        "{Folder} takes no writes, {Problem}: producers are told to try again, readers go on. Make room, or make it writable")]
    public static partial void DiskRefusesWrites(this ILogger logger, string folder, string problem);

    [LoggerMessage(8, LogLevel.Information, "{Folder} takes writes again")]
    public static partial void DiskTakesWrites(this ILogger logger, string folder);

    [LoggerMessage(10, LogLevel.Debug, "checkpoint at position {Position}")]
    public static partial void Checkpointed(this ILogger logger, long position);

    [LoggerMessage(11, LogLevel.Warning, "checkpoint put off: {Reason}")]
    public static partial void CheckpointPutOff(this ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Warning, "the index of a log file is put off: {Reason}")]
    public static partial void IndexPutOff(this ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Debug, "sorted {Size} out of {File}, of which nothing else is wanted any more")]
    public static partial void SortedOut(this ILogger logger, ByteSize size, string file);

    [LoggerMessage(15, LogLevel.Warning, "what is still wanted of {File} cannot be sorted out of it now: {Reason}")]
    public static partial void NotSortedOut(this ILogger logger, string file, string reason);

    [LoggerMessage(
        62, LogLevel.Warning,
        "the clock was set forward by {Ahead}: records expire by the time before, until it has kept so for a day. Start the hub "
            + "again if the clock is right")]
    public static partial void ClockSetForward(this ILogger logger, TimeSpan ahead);

    [LoggerMessage(
        65, LogLevel.Warning,
        "the disk of {Folder} {Problem}. Make room, give it a larger disk, or let topics keep less (retention.ms, "
            + "retention.bytes)")]
    public static partial void DiskFillsUp(this ILogger logger, string folder, string problem);

    [LoggerMessage(66, LogLevel.Information, "the disk of {Folder} has room again: {Free} are free")]
    public static partial void DiskHasRoom(this ILogger logger, string folder, ByteSize free);

    [LoggerMessage(89, LogLevel.Debug, "checked {Size} of all segments against their checksums; the next time is in {Interval}")]
    public static partial void Scrubbed(this ILogger logger, ByteSize size, TimeSpan interval);

    [LoggerMessage(
        90, LogLevel.Warning, "{Partition} could not be checked against its checksums, and is read again at the next time: {Reason}")]
    public static partial void ScrubFailed(this ILogger logger, PartitionName partition, string reason);

    [LoggerMessage(67, LogLevel.Error, "retention and the look at the disk failed; they are tried again in {Interval}")]
    public static partial void UpkeepFailed(this ILogger logger, TimeSpan interval, Exception exception);
}
