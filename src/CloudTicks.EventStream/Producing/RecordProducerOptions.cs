using System.ComponentModel.DataAnnotations;

namespace CloudTicks.EventStream.Producing;

/// <summary>Bounds of a <see cref="RecordProducer"/>.</summary>
public sealed record RecordProducerOptions
{
    /// <summary>
    /// Bytes of records that may wait for the event hub's acknowledgement, 1 MiB to 1 GiB, 32 MiB by default. When they are used up,
    /// <see cref="RecordProducer.SendAsync"/> waits.
    /// </summary>
    [Range(1 << 20, 1 << 30)]
    public int MaxInFlightBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Connections to a Kafka broker, 1 to 32, 4 by default; partitions are spread over them, and each has five requests under way at
    /// most. More than the first are opened when they are used. Event Hubs take one, whatever this says, where they are spoken to by AMQP.
    /// </summary>
    [Range(1, 32)]
    public int Connections { get; init; } = 4;

    /// <summary>How long a stop waits for acknowledgements, 3 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
