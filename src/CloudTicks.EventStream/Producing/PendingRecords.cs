using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Producing;

/// <summary>The records without a response from the event hub; bounded by the producer's byte budget.</summary>
internal sealed class PendingRecords
{
    private readonly Lock _lock = new();
    private readonly HashSet<PendingRecord> _records = [];
    private TaskCompletionSource? _empty;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>The timestamp of the producer's clock at which the oldest pending record was sent; null when none is pending.</summary>
    public long? OldestSentAt()
    {
        lock (_lock)
        {
            return _records.Count == 0 ? null : _records.Min(record => record.SentAt);
        }
    }

    public void Add(PendingRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
        }
    }

    public void Remove(PendingRecord record)
    {
        TaskCompletionSource? empty = null;
        lock (_lock)
        {
            _records.Remove(record);
            if (_records.Count == 0)
            {
                (empty, _empty) = (_empty, null);
            }
        }

        empty?.SetResult();
    }

    public Task WhenEmpty()
    {
        lock (_lock)
        {
            return _records.Count == 0
                ? Task.CompletedTask
                : (_empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void FailAll(EventStreamException reason)
    {
        PendingRecord[] remaining;
        lock (_lock)
        {
            remaining = [.. _records];
        }

        foreach (var record in remaining)
        {
            Remove(record);
            record.Complete(-1, reason);
        }
    }
}
