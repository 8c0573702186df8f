using CloudTicks.EventStream.Membership;
using CloudTicks.Foundations;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "librdkafka of {Client}: {Text}")]
    public static partial void ClientLine(this ILogger logger, string client, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "librdkafka of {Client}: {Text}")]
    public static partial void ClientAlarm(this ILogger logger, string client, string text);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} acknowledges nothing ({Reason}); {Records} records, {Size}, wait, and are sent when it "
            + "is back")]
    public static partial void HubAway(this ILogger logger, EventStreamConnection connection, string reason, int records, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} has acknowledged nothing for {Seconds:0} s ({Reason}); {Records} records, {Size}, wait. "
            + "Is it running, and reachable?")]
    public static partial void HubStillAway(
        this ILogger logger, EventStreamConnection connection, double seconds, string reason, int records, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} has taken no records for {Seconds:0} s: {Reason}. {Records} records, {Size}, wait, and "
            + "are sent when it takes them again")]
    public static partial void HubRefuses(
        this ILogger logger, EventStreamConnection connection, double seconds, string reason, int records, ByteSize size);

    [LoggerMessage(Level = LogLevel.Information, Message = "The event hub at {Connection} acknowledges again, after {Seconds:0.0} s")]
    public static partial void HubBack(this ILogger logger, EventStreamConnection connection, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The producer to {Connection} cannot go on and must be made anew: {Reason} ({Code})")]
    public static partial void ProducerFatal(this ILogger logger, EventStreamConnection connection, string reason, ErrorCode code);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} throttles the producer ({Seconds:0.0} s to wait): more comes than its throughput units "
            + "take. Nothing is lost; records wait here, then in the spool. Raise the namespace's throughput units "
                + "(EventStream__EventHubs__ThroughputUnits says how many there are). Further ones are counted: "
                    + "cloudticks.stream.throttled")]
    public static partial void Throttled(this ILogger logger, EventStreamConnection connection, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The producer to {Connection} stopped with {Records} records that the event hub has not acknowledged")]
    public static partial void ProducerStoppedEarly(this ILogger logger, EventStreamConnection connection, int records);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A reader of {Connection}: {Reason}")]
    public static partial void ReaderError(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A reader of {Connection} did not end within {Seconds:0} s and is left as it is; its memory is free at the next start")]
    public static partial void ReaderLeft(this ILogger logger, EventStreamConnection connection, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Topic {Topic} was created with {Partitions} partitions, kept for ever")]
    public static partial void TopicCreated(this ILogger logger, string topic, int partitions);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The event hub did not create topic {Topic} ({Reason}); it is expected to be there")]
    public static partial void TopicNotCreated(this ILogger logger, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} has no identity for topic {Topic} ({Reason}); a topic that is deleted and created anew "
            + "under the same name will be taken for the same stream, so remove its rows from stream_offsets by hand then")]
    public static partial void NoStreamIdentity(this ILogger logger, EventStreamConnection connection, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Topic {Topic} has {Partitions} partitions, which the members of a group share")]
    public static partial void MembershipTopicMade(this ILogger logger, string topic, int partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} holds these partitions of group {Group} now: [{Partitions}]")]
    public static partial void MemberHolds(this ILogger logger, string member, string group, HeldPartitions partitions);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} stood still for {Seconds:0.0} s, so group {Group} may have given its {Count} partitions to others: it drops "
            + "them and joins again")]
    public static partial void MemberStoodStill(this ILogger logger, string member, string group, double seconds, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} was lost to group {Group}; it keeps its {Count} partitions until the group says what holds, so others may "
            + "have them too for a while")]
    public static partial void MemberKeeps(this ILogger logger, string member, string group, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} has not let go of partitions of group {Group} within {Seconds:0.0} s; others get them now, and both have "
            + "them for a moment")]
    public static partial void MemberFollowedLate(this ILogger logger, string member, string group, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} cannot be a member of group {Group} ({Reason}); it keeps what it has and tries again")]
    public static partial void MemberFailed(this ILogger logger, string member, string group, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Another process joined group {Group} as {Member} and took this one's place, which holds nothing until it is started "
            + "anew. Give each a name of its own")]
    public static partial void MemberReplaced(this ILogger logger, string member, string group);
}
