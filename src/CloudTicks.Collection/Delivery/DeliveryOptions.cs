using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Delivery;

internal sealed record DeliveryOptions
{
    /// <summary>The spool's folder, which must exist and be locked by this process.</summary>
    public required string Folder { get; init; }

    public required long SpoolMaxBytes { get; init; }

    /// <summary>
    /// Whether the sender waits for a slow sink; otherwise records are written to disk. A replay can wait, a live feed cannot.
    /// </summary>
    public bool FeedWaits { get; init; }

    /// <summary>Called for each accepted record, in order, while a lock is held. The callback must not block.</summary>
    public Action<OutgoingRecord>? OnAccepted { get; init; }

    /// <summary>
    /// Called with the partition (null when unknown) whose gap records the spool may have lost. The callback must not block.
    /// </summary>
    public Action<int?> OnGapsLost { get; init; } = _ => { };

    public Disk Disk { get; init; } = new();
}
