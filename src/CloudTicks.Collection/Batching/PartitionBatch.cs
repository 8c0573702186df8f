using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Collection.Batching;

/// <summary>
/// The batch of one partition: the ticks that are being packed, and the records that are not yet acknowledged or on disk.
/// </summary>
internal sealed class PartitionBatch(int partition)
{
    private readonly Queue<Task> _inFlight = new();

    public int Partition => partition;

    public TickBatchBuilder Builder { get; } = new(partition, TickSource.Live);

    /// <summary>The time at which the first tick of the builder was packed, as a timestamp of the time provider.</summary>
    public long OldestAt { get; set; }

    public int InFlight => _inFlight.Count;

    public Task OldestInFlight => _inFlight.Peek();

    public void Track(Task whenSafe) => _inFlight.Enqueue(whenSafe);

    /// <summary>Removes records from the front of the queue while they are acknowledged or on disk.</summary>
    /// <exception cref="EventStream.EventStreamException">The event hub refused a record.</exception>
    public void RemoveSafe()
    {
        while (_inFlight.TryPeek(out var oldest) && oldest.IsCompleted)
        {
            _inFlight.Dequeue().GetAwaiter().GetResult();
        }
    }
}
