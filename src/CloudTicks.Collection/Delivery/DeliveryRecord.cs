namespace CloudTicks.Collection.Delivery;

/// <summary>A record between the one who sent it and the sink.</summary>
internal sealed class DeliveryRecord(OutgoingRecord record, long sentAt)
{
    /// <summary>What a small record costs beside its bytes.</summary>
    private const int OverheadBytes = 512;

    private readonly TaskCompletionSource _safe = new();

    public OutgoingRecord Record => record;

    /// <summary>A timestamp of the clock.</summary>
    public long SentAt => sentAt;

    /// <summary>What it takes of the memory.</summary>
    public long Cost => record.Value.Length + OverheadBytes;

    /// <summary>Completes when it cannot be lost any more.</summary>
    public Task Safe => _safe.Task;

    public void MakeSafe() => _safe.TrySetResult();

    public void Fail(Exception reason) => _safe.TrySetException(reason);
}
