using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Delivery;

/// <summary>A record between its sender and the sink. <see cref="DeliveryState"/> alone changes what it says of itself.</summary>
internal sealed class DeliveryRecord
{
    /// <summary>What a small record costs beside its bytes.</summary>
    private const int OverheadBytes = 512;

    private readonly TaskCompletionSource _safe = new();

    public DeliveryRecord(OutgoingRecord record) => (Record, Place) = (record, new LinkedListNode<DeliveryRecord>(this));

    public OutgoingRecord Record { get; }

    public LinkedListNode<DeliveryRecord> Place { get; }

    public long Cost => Record.Value.Length + OverheadBytes;

    public bool IsHanded { get; set; }

    public TimeSpan HandedAt { get; set; }

    public bool IsAcknowledged { get; set; }

    /// <summary>Its number in the spool; 0 while it is not there.</summary>
    public long Sequence { get; set; }

    /// <summary>It cannot be lost any more; <see cref="MakeSafe"/> may not have been called yet.</summary>
    public bool IsSafe { get; set; }

    /// <summary>Completes when it cannot be lost any more.</summary>
    public Task Safe => _safe.Task;

    public void MakeSafe() => _safe.TrySetResult();

    public void Fail(Exception reason) => _safe.TrySetException(reason);
}
