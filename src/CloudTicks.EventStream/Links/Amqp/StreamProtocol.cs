using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>Event Hubs take AMQP for sending and Kafka for reading ranges; the emulator publishes only AMQP; Kafka is Kafka.</summary>
internal static class StreamProtocol
{
    /// <param name="connections">Connections that partitions are spread over; by AMQP one holds all.</param>
    public static IRecordLink Open(
        EventStreamConnection connection, IRecordLinkEvents events, int connections, TimeProvider time, ILogger logger) =>
        connection.IsEventHubs || connection.IsEmulator
            ? new AmqpRecordLink(new AmqpClients(connection), events, time)
            : new SpreadRecordLink(connections, () => new KafkaRecordLink(connection, events, logger));

    /// <summary>A reader of another protocol; null where Kafka's reads.</summary>
    public static IStreamReader? ReaderOf(EventStreamConnection connection) =>
        connection.IsEmulator ? new AmqpStreamReader(new AmqpClients(connection)) : null;
}
