using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Delivery;

internal sealed record DeliveryOptions
{
    /// <summary>The spool's folder, which is there and nobody else's.</summary>
    public required string Folder { get; init; }

    public required long SpoolMaxBytes { get; init; }

    /// <summary>The feed can wait, as a replay can: the sender waits where a live feed's records would go to disk.</summary>
    public bool FeedWaits { get; init; }

    /// <summary>Told of each record when it is taken, in its order, under a lock: it must not wait.</summary>
    public Action<OutgoingRecord>? OnTaken { get; init; }

    /// <summary>Reports the partition (null: unknown) whose safe gap records the spool may have lost. It must not wait.</summary>
    public Action<int?> OnGapsLost { get; init; } = _ => { };

    public Disk Disk { get; init; } = new();
}
