using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

internal sealed class TimeSearch(PartitionLog partition, BatchLocator locator)
{
    private const int MaxUnpackedBytes = 64 * 1024 * 1024;

    /// <summary>The first record at or after a time; the start of its batch when its records cannot be read.</summary>
    public (long Offset, long Timestamp)? Find(long timestamp)
    {
        while (true)
        {
            try
            {
                return Find(timestamp, partition.View());
            }
            catch (SegmentDeletedException)
            {
                // A new view no longer contains the segment, unless the whole topic was deleted.
                if (partition.IsDeleted)
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

            for (BatchPosition? next = new BatchPosition(entry.Offset, i, entry.Position); next is { } at && at.Segment == i;)
            {
                if (BatchLocator.HeaderAt(at, view) is not { } batch)
                {
                    next = locator.SkipDamage(at, view);
                    continue;
                }

                if (batch.MaxTimestamp >= timestamp && batch.NextOffset > view.LogStart
                    && FindInBatch(at, view, batch, timestamp) is { } found)
                {
                    return found;
                }

                next = locator.After(at, batch, view);
            }
        }

        return null;
    }

    private static (long Offset, long Timestamp)? FindInBatch(BatchPosition at, in PartitionView view, in RecordBatch batch, long timestamp)
    {
        using var bytes = new RecordBuffer((int)batch.TotalBytes);
        var batchBytes = bytes.Reserve((int)batch.TotalBytes)[..(int)batch.TotalBytes];
        if (view.Segments[at.Segment].Read(at.Position, batchBytes) != batchBytes.Length || !RecordBatch.IsIntact(batchBytes))
        {
            return (Math.Max(batch.BaseOffset, view.LogStart), batch.MaxTimestamp);
        }

        bytes.Advance(batchBytes.Length);
        using var records = new RecordBuffer(MaxUnpackedBytes);
        if (!RecordCodecs.TryUnpack((RecordCodec)batch.Codec, bytes.Written[RecordBatch.HeaderBytes..], records))
        {
            return (Math.Max(batch.BaseOffset, view.LogStart), batch.MaxTimestamp);
        }

        // The log may start inside the batch, after the matching records.
        return RecordTimes.TryFind(records.Span, batch, timestamp, view.LogStart, out var found) ? found
            : batch.BaseOffset < view.LogStart ? null
            : (batch.BaseOffset, batch.MaxTimestamp);
    }
}
