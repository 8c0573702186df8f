using System.ComponentModel.DataAnnotations;

namespace CloudTicks.EventStream.Producing;

/// <summary>Limits of a <see cref="RecordProducer"/>.</summary>
public sealed record RecordProducerOptions
{
    /// <summary>
    /// The maximum bytes of records without acknowledgement, 1 MiB to 1 GiB, 32 MiB by default. At the maximum
    /// <see cref="RecordProducer.SendAsync"/> waits.
    /// </summary>
    [Range(1 << 20, 1 << 30)]
    public int MaxInFlightBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Connections to a Kafka broker, 1 to 32, 4 by default; the partitions are distributed over the connections, each of which has at most
    /// five requests in flight. Each connection except the first is opened on demand. A producer always uses one connection to Event Hubs
    /// over AMQP.
    /// </summary>
    [Range(1, 32)]
    public int Connections { get; init; } = 4;

    /// <summary>The time that a stop waits for acknowledgements, 3 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
