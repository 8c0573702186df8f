using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "librdkafka of {Client}: {Text}")]
    public static partial void ClientLine(this ILogger logger, string client, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "librdkafka of {Client}: {Text}")]
    public static partial void ClientAlarm(this ILogger logger, string client, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event hub at {Connection} acknowledges nothing ({Reason}); {Records} records of {Bytes} bytes wait, and are sent when it is back")]
    public static partial void HubAway(this ILogger logger, EventStreamConnection connection, string reason, int records, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event hub at {Connection} has acknowledged nothing for {Seconds:0} s ({Reason}); {Records} records of {Bytes} bytes wait. Is it running, and reachable?")]
    public static partial void HubStillAway(this ILogger logger, EventStreamConnection connection, double seconds, string reason, int records, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "The event hub at {Connection} acknowledges again, after {Seconds:0.0} s")]
    public static partial void HubBack(this ILogger logger, EventStreamConnection connection, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The producer to {Connection} cannot go on and must be made anew: {Reason} ({Code})")]
    public static partial void ProducerFatal(this ILogger logger, EventStreamConnection connection, string reason, ErrorCode code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The producer to {Connection} stopped with {Records} records that the event hub has not acknowledged")]
    public static partial void ProducerStoppedEarly(this ILogger logger, EventStreamConnection connection, int records);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A reader of {Connection}: {Reason}")]
    public static partial void ReaderError(this ILogger logger, EventStreamConnection connection, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Topic {Topic} was created with {Partitions} partitions, kept for ever")]
    public static partial void TopicCreated(this ILogger logger, string topic, int partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "The event hub did not create topic {Topic} ({Reason}); it is expected to be there")]
    public static partial void TopicNotCreated(this ILogger logger, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event hub at {Connection} has no identity for topic {Topic} ({Reason}); a topic that is deleted and created anew under the same name will be taken for the same stream, so remove its rows from stream_offsets by hand then")]
    public static partial void NoStreamIdentity(this ILogger logger, EventStreamConnection connection, string topic, string reason);
}
