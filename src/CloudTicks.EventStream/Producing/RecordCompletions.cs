using System.Collections.Concurrent;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Producing;

/// <summary>
/// Completes records on the thread pool. The records of one response are one work item, because a work item wakes two threads of the pool,
/// one of which finds no work, and costs more than completing a record. Other threads help with many records. Thread-safe.
/// </summary>
internal sealed class RecordCompletions : IThreadPoolWorkItem
{
    private const int RecordsPerThread = 16;

    private readonly ConcurrentQueue<(PendingRecord Record, long Offset, EventStreamException? Refusal)> _records = new();
    private int _open;

    /// <summary>Completes a record soon, on another thread.</summary>
    /// <param name="refusal">The error when the event hub has rejected the record; null when it has accepted it.</param>
    public void Add(PendingRecord record, long offset, EventStreamException? refusal = null)
    {
        // The order matters: a thread that counts the record must find it.
        _records.Enqueue((record, offset, refusal));
        if (Interlocked.Increment(ref _open) % RecordsPerThread == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A record counts until it is completed, so a thread that finds none may end: the thread with the last record checks again.
        while (_records.TryDequeue(out var completed))
        {
            completed.Record.Complete(completed.Offset, completed.Refusal);
            if (Interlocked.Decrement(ref _open) <= 0)
            {
                return;
            }
        }
    }
}
