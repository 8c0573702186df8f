using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Delivery;

/// <summary>A record on its way from its sender to the sink. Only <see cref="DeliveryState"/> changes its state.</summary>
internal sealed class DeliveryRecord
{
    /// <summary>Assumed memory per record in addition to its value, in bytes.</summary>
    private const int OverheadBytes = 512;

    private readonly TaskCompletionSource _safe = new();

    public DeliveryRecord(OutgoingRecord record) => (Record, Node) = (record, new LinkedListNode<DeliveryRecord>(this));

    public OutgoingRecord Record { get; }

    public LinkedListNode<DeliveryRecord> Node { get; }

    public long Cost => Record.Value.Length + OverheadBytes;

    public bool IsHandedOver { get; set; }

    public TimeSpan HandedOverAt { get; set; }

    public bool IsAcknowledged { get; set; }

    /// <summary>The record's number in the spool; 0 while it is not in the spool.</summary>
    public long Sequence { get; set; }

    /// <summary>Whether the record is acknowledged or on disk; <see cref="MakeSafe"/> may not have been called yet.</summary>
    public bool IsSafe { get; set; }

    /// <summary>Completes when the record is acknowledged or on disk.</summary>
    public Task Safe => _safe.Task;

    public void MakeSafe() => _safe.TrySetResult();

    public void Fail(Exception reason) => _safe.TrySetException(reason);
}
