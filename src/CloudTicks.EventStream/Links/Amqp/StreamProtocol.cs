using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>
/// Selects the protocol. For Event Hubs, records are sent over AMQP and ranges are read over the Kafka protocol. Azure's emulator uses only
/// AMQP, because Aspire publishes only its AMQP port. Kafka brokers use only the Kafka protocol.
/// </summary>
internal static class StreamProtocol
{
    /// <param name="connections">The number of connections for the partitions; AMQP uses one.</param>
    public static IRecordLink Open(
        EventStreamConnection connection, IRecordLinkEvents events, int connections, TimeProvider time, ILogger logger) =>
        connection.IsEventHubs || connection.IsEmulator
            ? new AmqpRecordLink(new AmqpClients(connection), events, time)
            : new SpreadRecordLink(connections, () => new KafkaRecordLink(connection, events, logger));

    /// <summary>Returns a reader for a stream that does not support the Kafka protocol; null for one that does.</summary>
    public static IStreamReader? ReaderOf(EventStreamConnection connection) =>
        connection.IsEmulator ? new AmqpStreamReader(new AmqpClients(connection)) : null;
}
