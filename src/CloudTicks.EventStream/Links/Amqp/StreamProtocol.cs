using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>
/// By which protocol an event hub is spoken to: Event Hubs by AMQP when something is sent, and by its Kafka endpoint when stretches are
/// read; its emulator by AMQP alone, as no other port of it is published; a Kafka broker by Kafka's.
/// </summary>
internal static class StreamProtocol
{
    /// <summary>The link of a producer.</summary>
    public static IRecordLink Open(EventStreamConnection connection, IRecordLinkEvents events, TimeProvider time, ILogger logger) =>
        connection.IsEventHubs || connection.IsEmulator
            ? new AmqpRecordLink(new AmqpClients(connection), events, time)
            : new KafkaRecordLink(connection, events, logger);

    /// <summary>A reader of another protocol; null where Kafka's reads.</summary>
    public static IStreamReader? ReaderOf(EventStreamConnection connection) =>
        connection.IsEmulator ? new AmqpStreamReader(new AmqpClients(connection)) : null;
}
