using CloudTicks.EventHub.Partitions;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Hosting;

internal static partial class Log
{
    // Programs that start the hub read this line.
    [LoggerMessage(1, LogLevel.Information, "listening on {Address}, data in {Folder}")]
    public static partial void Listening(this ILogger logger, string address, string folder);

    [LoggerMessage(2, LogLevel.Information, "health on {Address}")]
    public static partial void HealthOn(this ILogger logger, string address);

    [LoggerMessage(3, LogLevel.Information, "recovered {Folder}: {Topics} topics, {Size} of log read in {Milliseconds} ms")]
    public static partial void Recovered(this ILogger logger, string folder, int topics, ByteSize size, long milliseconds);

    [LoggerMessage(
        4, LogLevel.Warning,
        "cut {Size} of an unfinished write from the end of the log at position {Position}; nothing shows that any of it was "
            + "acknowledged")]
    public static partial void TornTail(this ILogger logger, ByteSize size, long position);

    [LoggerMessage(
        5, LogLevel.Error,
        "{File} is damaged from position {From} to {To}. Records of that stretch are taken from the segments; those that are lost are "
            + "named by partition. Commits and changes of topics and groups in it may be undone, so that consumers may read some records "
                + "again")]
    public static partial void LogDamaged(this ILogger logger, string file, long from, long to);

    [LoggerMessage(
        80, LogLevel.Error,
        "the log ends at position {End}, but was acknowledged up to {Acknowledged}: its end is gone or damaged. Its records are taken "
            + "from the segments; those that are lost are named by partition. Commits and changes of topics and groups in it may be "
                + "undone, so that consumers may read some records again")]
    public static partial void LogCut(this ILogger logger, long end, long acknowledged);

    [LoggerMessage(81, LogLevel.Warning, "{Partition} is recovered from its segments, because the log has not all of it any more")]
    public static partial void SegmentUsed(this ILogger logger, PartitionName partition);

    [LoggerMessage(
        82, LogLevel.Warning, "topic {Topic} is recovered from the file beside its partitions, because the log does not name it any more")]
    public static partial void TopicFound(this ILogger logger, string topic);

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

    [LoggerMessage(87, LogLevel.Error, "damage that nobody has dealt with: {Problem}")]
    public static partial void DamageStands(this ILogger logger, string problem);

    [LoggerMessage(88, LogLevel.Warning, "{Folder} cannot take the note of a damage, which is not remembered over a restart: {Reason}")]
    public static partial void DamageNotNoted(this ILogger logger, string folder, string reason);

    [LoggerMessage(7, LogLevel.Error, "{Folder} takes no writes, {Problem}: producers are told to try again, readers go on. Make room, or make it writable")]
    public static partial void DiskRefusesWrites(this ILogger logger, string folder, string problem);

    [LoggerMessage(8, LogLevel.Information, "{Folder} takes writes again")]
    public static partial void DiskTakesWrites(this ILogger logger, string folder);

    [LoggerMessage(9, LogLevel.Critical, "the disk failed; nothing is acknowledged any more and the hub stops. Check the disk, then start again: everything acknowledged is recovered")]
    public static partial void DiskBroken(this ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "checkpoint at position {Position}")]
    public static partial void Checkpointed(this ILogger logger, long position);

    [LoggerMessage(11, LogLevel.Warning, "checkpoint put off: {Reason}")]
    public static partial void CheckpointPutOff(this ILogger logger, string reason);

    [LoggerMessage(12, LogLevel.Information, "closed the connection of {Client}: {Reason}")]
    public static partial void ConnectionRefused(this ILogger logger, string client, string reason);

    [LoggerMessage(13, LogLevel.Error, "closed the connection of {Client} after a failure of ours")]
    public static partial void ConnectionFailed(this ILogger logger, string client, Exception exception);

    [LoggerMessage(14, LogLevel.Information, "made topic {Topic} with {Partitions} partitions")]
    public static partial void TopicMade(this ILogger logger, string topic, int partitions);

    [LoggerMessage(15, LogLevel.Information, "deleted topic {Topic}")]
    public static partial void TopicDeleted(this ILogger logger, string topic);

    [LoggerMessage(16, LogLevel.Information, "group {Group}: generation {Generation}, {Members} members")]
    public static partial void Rebalanced(this ILogger logger, string group, int generation, int members);

    [LoggerMessage(17, LogLevel.Information, "group {Group}: member {Member} was silent too long and is removed")]
    public static partial void MemberExpired(this ILogger logger, string group, string member);

    [LoggerMessage(18, LogLevel.Critical, "{Reason}")]
    public static partial void CannotStart(this ILogger logger, string reason);

    [LoggerMessage(40, LogLevel.Information, "clients log in by {How}")]
    public static partial void Secured(this ILogger logger, string how);

    [LoggerMessage(41, LogLevel.Warning, "passwords and records cross the network of {Listen} unencrypted: give the hub a certificate (--tls-certificate, --tls-key), unless the network encrypts by itself")]
    public static partial void PasswordsInTheClear(this ILogger logger, string listen);

    [LoggerMessage(42, LogLevel.Warning, "{File} holds passwords, and every user of this machine can read it: chmod 600 {File}")]
    public static partial void SecretsReadable(this ILogger logger, string file);

    [LoggerMessage(
        44, LogLevel.Warning,
        "no more than {Connections} connections at a time, though {Wanted} are set: the system does not let this process have more files "
            + "open (ulimit -n), and some are kept for the log and the segments")]
    public static partial void FewConnections(this ILogger logger, int connections, int wanted);

    [LoggerMessage(45, LogLevel.Warning, "{Connections} more connections were closed, for reasons that were not said one by one")]
    public static partial void RefusalsUnsaid(this ILogger logger, long connections);

    [LoggerMessage(
        46, LogLevel.Warning,
        "{Refused} connections were refused: {Connections} are open, and more are not permitted. Close some, or raise "
            + "EventHub__MaxConnections and the files that this process may have open (ulimit -n)")]
    public static partial void Crowded(this ILogger logger, int connections, long refused);

    [LoggerMessage(43, LogLevel.Warning, "{Client} could not log in: {Reason}")]
    public static partial void LoginFailed(this ILogger logger, string client, string reason);

    [LoggerMessage(60, LogLevel.Information, "{Partition}: {Segments} segments, {Size}, expired; the log begins at offset {Start}")]
    public static partial void RecordsExpired(this ILogger logger, PartitionName partition, int segments, ByteSize size, long start);

    [LoggerMessage(61, LogLevel.Warning, "the segment {BaseOffset} of {Partition} cannot be deleted: {Reason}. Nobody reads it; it is deleted at the next start")]
    public static partial void SegmentNotDeleted(this ILogger logger, PartitionName partition, long baseOffset, string reason);

    [LoggerMessage(62, LogLevel.Warning, "the clock was set forward by {Ahead}: records expire by the time before, until it has kept so for a day. Start the hub again if the clock is right")]
    public static partial void ClockSetForward(this ILogger logger, TimeSpan ahead);

    [LoggerMessage(63, LogLevel.Information, "topic {Topic} has {Partitions} partitions now")]
    public static partial void PartitionsAdded(this ILogger logger, string topic, int partitions);

    [LoggerMessage(64, LogLevel.Debug, "deleted the records of {Partition} before offset {Start}")]
    public static partial void RecordsDeleted(this ILogger logger, PartitionName partition, long start);

    [LoggerMessage(65, LogLevel.Warning, "the disk of {Folder} {Problem}. Make room, give it a larger disk, or let topics keep less (retention.ms, retention.bytes)")]
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
