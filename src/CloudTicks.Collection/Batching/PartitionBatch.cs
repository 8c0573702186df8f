using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Collection.Batching;

/// <summary>One partition's ticks: those that are being packed, and the records that are not safe yet.</summary>
internal sealed class PartitionBatch(int partition)
{
    private readonly Queue<Task> _underWay = new();

    public int Partition => partition;

    public TickBatchBuilder Builder { get; } = new(partition, TickSource.Live);

    /// <summary>When the oldest tick in the builder came, by the clock's timestamps.</summary>
    public long Since { get; set; }

    public int InFlight => _underWay.Count;

    public Task Oldest => _underWay.Peek();

    public void Sent(Task safe) => _underWay.Enqueue(safe);

    /// <summary>Forgets the records that are safe.</summary>
    /// <exception cref="EventStream.EventStreamException">The event hub refused a record.</exception>
    public void TakeSafe()
    {
        while (_underWay.TryPeek(out var oldest) && oldest.IsCompleted)
        {
            _underWay.Dequeue().GetAwaiter().GetResult();
        }
    }
}
