using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

internal sealed class TimeSearch(PartitionLog partition, BatchWalk walk)
{
    /// <summary>The first record at or after a time, as far as it can be told without decompressing: else its batch.</summary>
    public (long Offset, long Timestamp)? Find(long timestamp)
    {
        while (true)
        {
            try
            {
                return Find(timestamp, partition.View());
            }
            catch (SegmentGoneException)
            {
                // The view of now is without it, unless all of the topic goes.
                if (partition.Gone)
                {
                    return null;
                }
            }
        }
    }

    private (long Offset, long Timestamp)? Find(long timestamp, in PartitionView view)
    {
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

                if (batch.MaxTimestamp >= timestamp && batch.NextOffset > view.LogStart
                    && FindInBatch(at, view, batch, timestamp) is { } found)
                {
                    return found;
                }

                place = walk.Behind(at, batch, view);
            }
        }

        return null;
    }

    private static (long Offset, long Timestamp)? FindInBatch(BatchPlace at, in PartitionView view, in RecordBatch batch, long timestamp)
    {
        var bytes = Buffers.Rent((int)batch.TotalBytes);
        try
        {
            var whole = bytes.AsSpan(0, (int)batch.TotalBytes);
            if (batch.Compressed || view.Segments[at.Segment].Read(at.Position, whole) != whole.Length || !RecordBatch.IsIntact(whole))
            {
                return (Math.Max(batch.BaseOffset, view.LogStart), batch.MaxTimestamp);
            }

            // The log may begin within the batch, behind the records that are looked for.
            return RecordTimes.TryFind(whole, batch, timestamp, view.LogStart, out var found) ? found
                : batch.BaseOffset < view.LogStart ? null
                : (batch.BaseOffset, batch.MaxTimestamp);
        }
        finally
        {
            Buffers.Return(bytes);
        }
    }
}
