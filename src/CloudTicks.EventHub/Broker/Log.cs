using CloudTicks.EventHub.Partitions;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Broker;

internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Information, "recovered {Folder}: {Topics} topics, {Size} of log read in {Milliseconds} ms")]
    public static partial void Recovered(this ILogger logger, string folder, int topics, ByteSize size, long milliseconds);

    [LoggerMessage(
        4, LogLevel.Warning,
        "the log ends with an unfinished write at position {Position}, which was removed ({Size}). Nothing indicates that the "
            + "write was acknowledged")]
    public static partial void TornTail(this ILogger logger, ByteSize size, long position);

    [LoggerMessage(
        5, LogLevel.Error,
        "{File} is damaged from position {From} to {To}. Intact batches in it are kept; lost records are "
            + "reported by partition. Commits and changes to topics and groups in the damaged part may be undone: consumers may read "
                + "some records again")]
    public static partial void LogDamaged(this ILogger logger, string file, long from, long to);

    [LoggerMessage(
        80, LogLevel.Error,
        "the log ends at position {End}, but was acknowledged up to {Acknowledged}: its end is missing or damaged. Lost "
            + "records are reported by partition. Commits and changes to topics and groups in the lost part may be "
                + "undone: consumers may read some records again")]
    public static partial void LogTruncated(this ILogger logger, long end, long acknowledged);

    [LoggerMessage(
        82, LogLevel.Warning, "topic {Topic} is recovered from the file in its folder, because the log no longer has it")]
    public static partial void TopicRecovered(this ILogger logger, string topic);

    [LoggerMessage(
        91, LogLevel.Warning,
        "the settings of topic {Topic} are recovered from the file in its folder: the log's record of their last change is damaged")]
    public static partial void SettingsRecovered(this ILogger logger, string topic);

    [LoggerMessage(
        83, LogLevel.Error,
        "the log has records of partition {Partition} of topic number {Number}, but the topic's name is in the damaged part: the "
            + "records are not served. Restore the data folder from a backup to recover them")]
    public static partial void TopicUnknown(this ILogger logger, int number, int partition);

    [LoggerMessage(
        84, LogLevel.Error,
        "{Partition} lost {Count} records, from offset {FirstOffset} to {LastOffset}: no intact copy is left. Their offsets are "
            + "not reused. Fetch them from their source again (ticks: cloudticks backfill), or restore the data folder from a "
                + "backup; then rename {File} to {File}.accepted")]
    public static partial void RecordsLost(
        this ILogger logger, PartitionName partition, long count, long firstOffset, long lastOffset, string file);

    [LoggerMessage(
        6, LogLevel.Error,
        "{Segment} of {Partition} is damaged from offset {FirstOffset} to {LastOffset}: these records are not served; all others are. "
            + "Restore the file from a backup, or fetch the records from their source again (ticks: cloudticks backfill) and then rename "
                + "{File} to {File}.accepted")]
    public static partial void BatchDamaged(
        this ILogger logger, string segment, PartitionName partition, long firstOffset, long lastOffset, string file);

    [LoggerMessage(85, LogLevel.Information, "{Partition}: damage from offset {FirstOffset} to {LastOffset} is repaired")]
    public static partial void DamageRepaired(this ILogger logger, PartitionName partition, long firstOffset, long lastOffset);

    [LoggerMessage(86, LogLevel.Information, "{Partition}: damage from offset {FirstOffset} to {LastOffset} is accepted")]
    public static partial void DamageAccepted(this ILogger logger, PartitionName partition, long firstOffset, long lastOffset);

    [LoggerMessage(87, LogLevel.Error, "damage from an earlier run is unresolved: {Problem}")]
    public static partial void DamageRemains(this ILogger logger, string problem);

    [LoggerMessage(88, LogLevel.Warning, "a damage entry could not be written to {Folder} and will be lost at the next restart: {Reason}")]
    public static partial void DamageNotStored(this ILogger logger, string folder, string reason);

    [LoggerMessage(
        7, LogLevel.Error,
        "{Folder} accepts no writes, because {Problem}: producers get a retriable error; consumers are still served. Free space, make "
            + "the folder writable, or raise the limit of open files")]
    public static partial void DiskRefusesWrites(this ILogger logger, string folder, string problem);

    [LoggerMessage(8, LogLevel.Information, "{Folder} accepts writes again")]
    public static partial void DiskAcceptsWrites(this ILogger logger, string folder);

    [LoggerMessage(10, LogLevel.Debug, "wrote the checkpoint at position {Position}")]
    public static partial void Checkpointed(this ILogger logger, long position);

    [LoggerMessage(11, LogLevel.Warning, "the checkpoint failed and is retried: {Reason}")]
    public static partial void CheckpointPostponed(this ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Warning, "the index of a log file could not be written and is retried: {Reason}")]
    public static partial void IndexPostponed(this ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Debug, "moved the remaining records ({Size}) out of {File}")]
    public static partial void RecordsMoved(this ILogger logger, ByteSize size, string file);

    [LoggerMessage(
        15, LogLevel.Warning, "the remaining records of {File} could not be moved to another file; the move is retried: {Reason}")]
    public static partial void RecordsNotMoved(this ILogger logger, string file, string reason);

    [LoggerMessage(
        62, LogLevel.Warning,
        "the clock was set forward by {Ahead}: retention ignores the new time for a day. Restart the event "
            + "hub if the clock is right")]
    public static partial void ClockSetForward(this ILogger logger, TimeSpan ahead);

    [LoggerMessage(
        65, LogLevel.Warning,
        "the disk of {Folder} {Problem}. Free space, enlarge the disk, or shorten the retention of topics (retention.ms, "
            + "retention.bytes)")]
    public static partial void DiskFillsUp(this ILogger logger, string folder, string problem);

    [LoggerMessage(66, LogLevel.Information, "the disk of {Folder} has enough space again: {Free} free")]
    public static partial void DiskHasRoom(this ILogger logger, string folder, ByteSize free);

    [LoggerMessage(89, LogLevel.Debug, "the scrub verified {Size} of segments; the next one starts in {Interval}")]
    public static partial void Scrubbed(this ILogger logger, ByteSize size, TimeSpan interval);

    [LoggerMessage(
        90, LogLevel.Warning, "{Partition} could not be verified against its checksums and is retried at the next scrub: {Reason}")]
    public static partial void ScrubFailed(this ILogger logger, PartitionName partition, string reason);

    [LoggerMessage(67, LogLevel.Error, "upkeep (disk check, damage files, retention, log files) failed and is retried in {Interval}")]
    public static partial void UpkeepFailed(this ILogger logger, TimeSpan interval, Exception exception);
}
