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
    public static partial void ClientError(this ILogger logger, string client, string text);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} acknowledges nothing ({Reason}); {Records} records ({Size}) are waiting and will "
            + "be sent when it is available again")]
    public static partial void HubUnavailable(
        this ILogger logger, EventStreamConnection connection, string reason, int records, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} has acknowledged nothing for {Seconds:0} s ({Reason}); {Records} records ({Size}) are "
            + "waiting. Check that the event hub is running and reachable")]
    public static partial void HubStillUnavailable(
        this ILogger logger, EventStreamConnection connection, double seconds, string reason, int records, ByteSize size);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} has accepted no records for {Seconds:0} s: {Reason}. {Records} records ({Size}) are "
            + "waiting and will be sent when it accepts records again")]
    public static partial void HubRejects(
        this ILogger logger, EventStreamConnection connection, double seconds, string reason, int records, ByteSize size);

    [LoggerMessage(Level = LogLevel.Information, Message = "The event hub at {Connection} acknowledges again, after {Seconds:0.0} s")]
    public static partial void HubRecovered(this ILogger logger, EventStreamConnection connection, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The producer to {Connection} has failed and must be replaced: {Reason} ({Code})")]
    public static partial void ProducerFatal(this ILogger logger, EventStreamConnection connection, string reason, ErrorCode code);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} throttles the producer by {Seconds:0.0} s: records arrive faster than its throughput "
            + "units allow. Nothing is lost; the collector's records wait in memory, then in its spool. Raise the namespace's "
                + "throughput units (EventStream__EventHubs__ThroughputUnits is their number). Later throttling is only counted: "
                    + "cloudticks.stream.throttled")]
    public static partial void Throttled(this ILogger logger, EventStreamConnection connection, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The producer to {Connection} stopped with {Records} records that the event hub has not acknowledged")]
    public static partial void ProducerStoppedEarly(this ILogger logger, EventStreamConnection connection, int records);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A reader of {Connection} reports an error: {Reason}")]
    public static partial void ReaderError(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A reader of {Connection} did not close within {Seconds:0} s and is abandoned; a restart frees its memory")]
    public static partial void ReaderAbandoned(this ILogger logger, EventStreamConnection connection, double seconds);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Topic {Topic} was created with {Partitions} partitions and unlimited retention")]
    public static partial void TopicCreated(this ILogger logger, string topic, int partitions);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The event hub did not create or extend topic {Topic} ({Reason}); the topic is used if it exists")]
    public static partial void TopicNotCreated(this ILogger logger, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The event hub at {Connection} has no id for topic {Topic} ({Reason}); if the topic is deleted and recreated "
            + "under the same name, CloudTicks mistakes it for the same stream: in that case remove its rows from stream_offsets")]
    public static partial void NoStreamIdentity(this ILogger logger, EventStreamConnection connection, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Topic {Topic} has {Partitions} partitions, which the members of a group share")]
    public static partial void MembershipTopicCreated(this ILogger logger, string topic, int partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} now holds these partitions of group {Group}: [{Partitions}]")]
    public static partial void MemberAssigned(this ILogger logger, string member, string group, HeldPartitions partitions);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} was suspended for {Seconds:0.0} s, so group {Group} may have assigned its {Count} partitions to others: it "
            + "drops them and rejoins")]
    public static partial void MemberSuspended(this ILogger logger, string member, string group, double seconds, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} has lost its session in group {Group}; it keeps its {Count} partitions until it rejoins, so others may "
            + "hold them too for a while")]
    public static partial void MemberKeepsPartitions(this ILogger logger, string member, string group, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} has not released partitions of group {Group} within {Seconds:0.0} s; other members get them now, so they "
            + "have two owners for a moment")]
    public static partial void MemberReleasedLate(this ILogger logger, string member, string group, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Member} cannot be a member of group {Group} ({Reason}); it keeps its partitions and retries")]
    public static partial void MemberFailed(this ILogger logger, string member, string group, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Another process joined group {Group} as {Member} and replaced this process, which holds no partitions until it is "
            + "restarted. Give each process its own name")]
    public static partial void MemberReplaced(this ILogger logger, string member, string group);
}
