using System.Collections.Concurrent;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Producing;

/// <summary>
/// Completes records on the thread pool: one thread for 16 records, because queueing a work item wakes two pool threads and costs more
/// than completing a record. Thread-safe.
/// </summary>
internal sealed class RecordCompletions : IThreadPoolWorkItem
{
    private const int RecordsPerThread = 16;

    private readonly ConcurrentQueue<(PendingRecord Record, long Offset, EventStreamException? Refusal)> _records = new();
    private int _pendingCount;

    /// <summary>Completes a record soon, on another thread.</summary>
    /// <param name="refusal">The error when the event hub has rejected the record; null when it has accepted it.</param>
    public void Add(PendingRecord record, long offset, EventStreamException? refusal = null)
    {
        // Enqueue before counting, so that a counted record is always in the queue.
        _records.Enqueue((record, offset, refusal));
        if (Interlocked.Increment(ref _pendingCount) % RecordsPerThread == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A thread may stop when the queue is empty: a thread that is still completing a record then continues with the records
        // that were added meanwhile.
        while (_records.TryDequeue(out var completed))
        {
            completed.Record.Complete(completed.Offset, completed.Refusal);
            if (Interlocked.Decrement(ref _pendingCount) <= 0)
            {
                return;
            }
        }
    }
}
