using Azure.Messaging.EventHubs;
using CloudTicks.Foundations;
using CloudTicks.Functions.Hosting.Invocation;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>
/// One partition's unfinished events. A full buffer pauses the partition until half is done; the event that fills it is accepted.
/// </summary>
internal sealed class PartitionBuffer(long capacity)
{
    /// <summary>The memory that an event occupies in addition to its payload, bytes.</summary>
    private const int EventOverheadBytes = 512;

    private readonly Lock _lock = new();
    private readonly Queue<EventData> _events = new();
    private readonly WakeSignal _arrived = new();
    private long _bytes;

    /// <summary>Whether all events are done.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _bytes == 0;
            }
        }
    }

    /// <summary>Whether the buffer can take no more events for now.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _bytes >= capacity;
            }
        }
    }

    /// <summary>Whether a paused partition may be read again.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _bytes <= capacity / 2;
            }
        }
    }

    public void Add(EventData data)
    {
        lock (_lock)
        {
            _events.Enqueue(data);
            _bytes += Cost(data);
        }

        _arrived.Set();
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_events.Count > 0)
                {
                    return;
                }
            }

            await _arrived.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Removes the next events from the queue, at least one. They count as buffered until <see cref="Done"/>.</summary>
    public EventBatch Dequeue(int maxEvents, long maxBytes)
    {
        lock (_lock)
        {
            var events = new List<EventData>(Math.Min(maxEvents, _events.Count));
            long bytes = 0;
            while (events.Count < maxEvents && _events.TryPeek(out var next) && (events.Count == 0 || bytes + Cost(next) <= maxBytes))
            {
                events.Add(_events.Dequeue());
                bytes += Cost(next);
            }

            return new EventBatch([.. events], events[^1].SequenceNumber + 1, bytes);
        }
    }

    public void Done(EventBatch batch)
    {
        lock (_lock)
        {
            _bytes -= batch.Bytes;
        }
    }

    private static long Cost(EventData data) => data.EventBody.Length + EventOverheadBytes;
}
