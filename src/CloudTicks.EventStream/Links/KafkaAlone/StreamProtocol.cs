using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>Selects the protocol: here always Kafka's, which Event Hubs also supports.</summary>
internal static class StreamProtocol
{
    /// <summary>Opens the link of a producer.</summary>
    /// <param name="connections">The number of connections over which the partitions are distributed.</param>
    public static IRecordLink Open(
        EventStreamConnection connection, IRecordLinkEvents events, int connections, TimeProvider time, ILogger logger)
    {
        _ = time;
        return new SpreadRecordLink(connections, () => new KafkaRecordLink(connection, events, logger));
    }

    /// <summary>Returns a reader for a stream that does not support the Kafka protocol; here always null.</summary>
    public static IStreamReader? ReaderOf(EventStreamConnection connection)
    {
        _ = connection;
        return null;
    }
}
