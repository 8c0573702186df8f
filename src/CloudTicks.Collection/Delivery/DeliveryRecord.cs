namespace CloudTicks.Collection.Delivery;

/// <summary>A record between the one who sent it and the sink.</summary>
internal sealed class DeliveryRecord(OutgoingRecord record)
{
    /// <summary>What a small record costs beside its bytes.</summary>
    private const int OverheadBytes = 512;

    private readonly TaskCompletionSource _safe = new();

    public OutgoingRecord Record => record;

    /// <summary>What it takes of the memory.</summary>
    public long Cost => record.Value.Length + OverheadBytes;

    /// <summary>The sink has it.</summary>
    public bool IsHanded { get; set; }

    /// <summary>When the sink got it, a timestamp of the clock.</summary>
    public long HandedAt { get; set; }

    /// <summary>The sink has acknowledged it.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>Its number in the spool; 0 while it stands in none.</summary>
    public long Sequence { get; set; }

    /// <summary>Completes when it cannot be lost any more.</summary>
    public Task Safe => _safe.Task;

    /// <summary>It cannot be lost any more; <see cref="MakeSafe"/> may not have told yet.</summary>
    public bool IsSafe { get; set; }

    public void MakeSafe() => _safe.TrySetResult();

    public void Fail(Exception reason) => _safe.TrySetException(reason);
}
