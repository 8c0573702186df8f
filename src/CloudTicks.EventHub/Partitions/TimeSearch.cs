using System.Buffers;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Finds records of a partition by their time.</summary>
internal sealed class TimeSearch(PartitionLog partition, BatchWalk walk)
{
    /// <summary>The first record at or after a time, as far as it can be told without decompressing: else its batch.</summary>
    public (long Offset, long Timestamp)? Find(long timestamp)
    {
        var view = partition.View();
        for (var i = 0; i < view.Segments.Length; i++)
        {
            var segment = view.Segments[i];
            if (segment.MaxTimestamp < timestamp || segment.FloorTime(timestamp) is not { } entry)
            {
                continue;
            }

            for (BatchPlace? place = new BatchPlace(entry.Offset, i, entry.Position); place is { } at && at.Segment == i;)
            {
                if (BatchWalk.HeaderAt(at, view) is not { } batch)
                {
                    place = walk.StepOver(at, view);
                    continue;
                }

                if (batch.MaxTimestamp >= timestamp)
                {
                    return FindInBatch(at, view, batch, timestamp);
                }

                place = BatchWalk.Behind(at, batch, view);
            }
        }

        return null;
    }

    private static (long Offset, long Timestamp) FindInBatch(BatchPlace at, in PartitionView view, in RecordBatch batch, long timestamp)
    {
        var bytes = ArrayPool<byte>.Shared.Rent((int)batch.TotalBytes);
        try
        {
            var whole = bytes.AsSpan(0, (int)batch.TotalBytes);
            return !batch.Compressed && view.Segments[at.Segment].Read(at.Position, whole) == whole.Length && RecordBatch.IsIntact(whole)
                && RecordTimes.TryFind(whole, batch, timestamp, out var found)
                ? found
                : (batch.BaseOffset, batch.MaxTimestamp);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
