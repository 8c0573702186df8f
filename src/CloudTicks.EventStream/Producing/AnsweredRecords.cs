using System.Collections.Concurrent;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Producing;

/// <summary>
/// Completes answered records on the thread pool, those that the event hub answers together by one piece of work there: each piece wakes
/// two threads of the pool, of which one finds nothing, and costs more than the record. With more of them other threads help. Thread-safe.
/// </summary>
internal sealed class AnsweredRecords : IThreadPoolWorkItem
{
    private const int RecordsOfOneThread = 16;

    private readonly ConcurrentQueue<(PendingRecord Record, long Offset, EventStreamException? Refusal)> _records = new();
    private int _open;

    /// <summary>Completes it soon, on another thread.</summary>
    /// <param name="refusal">Why the event hub does not take it; null when it has it.</param>
    public void Add(PendingRecord record, long offset, EventStreamException? refusal = null)
    {
        // In this order: a thread that counts the record finds it.
        _records.Enqueue((record, offset, refusal));
        if (Interlocked.Increment(ref _open) % RecordsOfOneThread == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A record counts until it is completed, so a thread that finds none may end: the one with the last record looks once more.
        while (_records.TryDequeue(out var answer))
        {
            answer.Record.Complete(answer.Offset, answer.Refusal);
            if (Interlocked.Decrement(ref _open) <= 0)
            {
                return;
            }
        }
    }
}
