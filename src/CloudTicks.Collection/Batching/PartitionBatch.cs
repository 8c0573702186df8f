using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Collection.Batching;

/// <summary>One partition's ticks: those that are being packed, and the records that the event hub has not acknowledged yet.</summary>
internal sealed class PartitionBatch(int partition)
{
    private readonly Queue<UnacknowledgedRecord> _unacknowledged = new();

    public int Partition => partition;

    public TickBatchBuilder Builder { get; } = new(partition, TickSource.Live);

    /// <summary>When the oldest tick in the builder came, by the clock's timestamps.</summary>
    public long Since { get; set; }

    /// <summary>Records under way.</summary>
    public int InFlight => _unacknowledged.Count;

    /// <summary>The oldest record under way.</summary>
    public Task<long> Oldest => _unacknowledged.Peek().Delivered;

    public void Sent(Task<long> delivered, int ticks) => _unacknowledged.Enqueue(new UnacknowledgedRecord(delivered, ticks));

    /// <summary>Takes the oldest record out when it was acknowledged.</summary>
    /// <returns>Its ticks; 0 when none was.</returns>
    /// <exception cref="EventStream.EventStreamException">The event hub refused the record.</exception>
    public int TakeAcknowledged()
    {
        if (_unacknowledged.Count == 0 || !_unacknowledged.Peek().Delivered.IsCompleted)
        {
            return 0;
        }

        var record = _unacknowledged.Dequeue();
        record.Delivered.GetAwaiter().GetResult();
        return record.Ticks;
    }

    private readonly record struct UnacknowledgedRecord(Task<long> Delivered, int Ticks);
}
