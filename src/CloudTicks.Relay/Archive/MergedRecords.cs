using System.Runtime.CompilerServices;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Reads ranges of several partitions in the order in which their records were written, so that a client that disconnects early has
/// received all its symbols up to about the same time. A partition that is ahead of the others is paused.
/// </summary>
internal sealed class MergedRecords(RangeReader reader)
{
    private const int MaxBytesPerPartition = 1 << 20;

    private readonly Dictionary<int, WaitingRecords> _waiting = [];

    public async IAsyncEnumerable<StreamRecord> ReadAsync(
        IReadOnlyList<OffsetRange> ranges, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _waiting.Clear();
        foreach (var range in ranges.Where(range => range.From < range.To))
        {
            _waiting.Add(range.Partition, new WaitingRecords(range.Partition));
        }

        reader.Assign(ranges);
        var batch = new List<StreamRecord>();
        while (true)
        {
            while (DequeueOldest() is { } record)
            {
                yield return record;
            }

            if (reader.IsCompleted)
            {
                yield break;
            }

            await reader.ReadAsync(batch, cancellationToken);
            foreach (var record in batch)
            {
                Add(record);
            }
        }
    }

    private void Add(StreamRecord record)
    {
        var waiting = _waiting[record.Origin.Partition];
        waiting.Records.Enqueue(record);
        waiting.Bytes += record.Value.Length;
        if (waiting is { IsPaused: false, Bytes: > MaxBytesPerPartition } && reader.IsOpen(waiting.Partition))
        {
            waiting.IsPaused = true;
            reader.Pause(waiting.Partition);
        }
    }

    /// <returns>
    /// The oldest record; null while the queue of an unfinished partition is empty, because the partition's next record may be the oldest.
    /// </returns>
    private StreamRecord? DequeueOldest()
    {
        WaitingRecords? oldest = null;
        foreach (var waiting in _waiting.Values)
        {
            if (!waiting.Records.TryPeek(out var record))
            {
                if (reader.IsOpen(waiting.Partition))
                {
                    return null;
                }
            }
            else if (oldest is null || record.Timestamp < oldest.Records.Peek().Timestamp)
            {
                oldest = waiting;
            }
        }

        if (oldest is null)
        {
            return null;
        }

        var taken = oldest.Records.Dequeue();
        oldest.Bytes -= taken.Value.Length;
        if (oldest is { IsPaused: true, Bytes: < MaxBytesPerPartition / 2 })
        {
            oldest.IsPaused = false;
            reader.Resume(oldest.Partition);
        }

        return taken;
    }

    private sealed class WaitingRecords(int partition)
    {
        public int Partition { get; } = partition;

        public Queue<StreamRecord> Records { get; } = new();

        public long Bytes { get; set; }

        public bool IsPaused { get; set; }
    }
}
