using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>Event Hubs take AMQP for sending and Kafka for reading ranges; the emulator publishes only AMQP; Kafka is Kafka.</summary>
internal static class StreamProtocol
{
    public static IRecordLink Open(EventStreamConnection connection, IRecordLinkEvents events, TimeProvider time, ILogger logger) =>
        connection.IsEventHubs || connection.IsEmulator
            ? new AmqpRecordLink(new AmqpClients(connection), events, time)
            : new KafkaRecordLink(connection, events, logger);

    /// <summary>A reader of another protocol; null where Kafka's reads.</summary>
    public static IStreamReader? ReaderOf(EventStreamConnection connection) =>
        connection.IsEmulator ? new AmqpStreamReader(new AmqpClients(connection)) : null;
}
