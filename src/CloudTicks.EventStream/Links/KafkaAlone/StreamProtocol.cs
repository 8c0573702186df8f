using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>By which protocol an event hub is spoken to: here always Kafka's, of which Event Hubs has an endpoint.</summary>
internal static class StreamProtocol
{
    /// <summary>The link of a producer.</summary>
    /// <param name="connections">Connections that partitions are spread over.</param>
    /// <exception cref="EventStreamException">No identity can log in.</exception>
    public static IRecordLink Open(
        EventStreamConnection connection, IRecordLinkEvents events, int connections, TimeProvider time, ILogger logger)
    {
        _ = time;
        return new SpreadRecordLink(connections, () => new KafkaRecordLink(connection, events, logger));
    }

    /// <summary>A reader of another protocol; null where Kafka's reads.</summary>
    public static IStreamReader? ReaderOf(EventStreamConnection connection)
    {
        _ = connection;
        return null;
    }
}
