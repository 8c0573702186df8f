using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Delivery;

/// <summary>Bounds of a <see cref="RecordDelivery"/>.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>The spool's folder, which is there and nobody else's.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes that may wait on disk.</summary>
    public required long SpoolMaxBytes { get; init; }

    /// <summary>
    /// The feed can wait, as one that replays a recording: the sender waits where a live feed's records would go to disk because the sink
    /// is slow, and no tick is conflated or refused.
    /// </summary>
    public bool FeedWaits { get; init; }

    /// <summary>Told of each record when it is taken, in its order, under a lock: it must not wait.</summary>
    public Action<OutgoingRecord>? OnTaken { get; init; }

    /// <summary>
    /// Told when the spool may have lost records of gaps, with their partition; null when that is not known. They were safe before, so that
    /// their sender does not send them again by itself. It must not wait.
    /// </summary>
    public Action<int?> OnGapsLost { get; init; } = _ => { };

    /// <summary>Writes the spool.</summary>
    public Disk Disk { get; init; } = new();
}
