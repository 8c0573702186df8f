using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Locates a partition's batches and checks that each batch follows the previous one; damage is reported and skipped.</summary>
internal sealed class BatchLocator(PartitionLog partition)
{
    /// <summary>Receives each damaged range.</summary>
    public Action<BatchDamage>? Damaged { get; set; }

    /// <summary>Reads the header at a position; null when the bytes cannot be the header of the expected batch.</summary>
    public static RecordBatch? HeaderAt(BatchPosition at, in PartitionView view, bool fromDisk = false)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        return view.Segments[at.Segment].Read(at.Position, header, fromDisk, out _) == header.Length
            && RecordBatch.TryRead(header, out var batch) && IsPlausible(batch, at, view.LimitOf(at.Segment))
            ? batch
            : null;
    }

    public static bool IsPlausible(in RecordBatch batch, BatchPosition at, long limit) =>
        batch.Magic == 2 && batch.LeaderEpoch == 0 && batch.BaseOffset == at.Offset && batch.LastOffsetDelta >= 0
        && batch.TotalBytes >= RecordBatch.HeaderBytes && at.Position + batch.TotalBytes <= limit;

    /// <summary>
    /// Returns the position after a batch; null after the last batch. If the segment ends before the first offset of the next segment, the
    /// missing records are reported.
    /// </summary>
    public BatchPosition? After(BatchPosition at, in RecordBatch batch, in PartitionView view)
    {
        var next = PositionAt(at.Segment, at.Position + batch.TotalBytes, batch.NextOffset, view);
        if (next is { } following && following.Segment > at.Segment
            && following.Offset > batch.NextOffset && following.Offset > view.LogStart)
        {
            Report(Math.Max(batch.NextOffset, view.LogStart), following.Offset - 1, view.Segments[at.Segment]);
        }

        return next;
    }

    /// <summary>
    /// Locates the batch that contains an offset: reads headers, starting at the last index entry at or below the offset.
    /// </summary>
    public BatchPosition? Locate(long offset, in PartitionView view)
    {
        var segment = view.FloorSegment(offset);
        if (view.Segments[segment].FloorOffset(offset) is not { } entry)
        {
            return null;
        }

        BatchPosition? next = new BatchPosition(entry.Offset, segment, entry.Position);
        while (next is { } at)
        {
            if (HeaderAt(at, view) is not { } batch)
            {
                next = SkipDamage(at, view);
            }
            else if (batch.NextOffset > offset)
            {
                return at;
            }
            else
            {
                next = After(at, batch, view);
            }
        }

        return null;
    }

    /// <summary>
    /// Returns the next readable position after damage, or after a hole in the offsets that an earlier recovery recorded in the index; null
    /// when no readable position follows.
    /// </summary>
    public BatchPosition? SkipDamage(BatchPosition at, in PartitionView view)
    {
        var segment = view.Segments[at.Segment];
        if (segment.CeilingPosition(at.Position) is { } here && here.Position == at.Position && here.Offset != at.Offset
            && here.Position < view.LimitOf(at.Segment))
        {
            return new BatchPosition(here.Offset, at.Segment, here.Position);
        }

        var limit = view.LimitOf(at.Segment);
        var known = segment.CeilingPosition(at.Position + 1) is { } entry && entry.Position < limit
            ? new BatchPosition(entry.Offset, at.Segment, entry.Position)
            : new BatchPosition(view.HighWatermark, at.Segment, limit);
        var next = Scan(at, known.Position, view) ?? PositionAt(at.Segment, known.Position, known.Offset, view);
        Report(at.Offset, (next?.Offset ?? view.HighWatermark) - 1, segment);
        return next;
    }

    /// <summary>Finds the first intact batch between a damaged position and the next indexed position.</summary>
    private static BatchPosition? Scan(BatchPosition at, long scanEnd, in PartitionView view)
    {
        var segment = view.Segments[at.Segment];
        var size = (int)Math.Min(scanEnd - at.Position, int.MaxValue / 2);
        var buffer = Buffers.Rent(size);
        try
        {
            var bytes = buffer.AsSpan(0, segment.Read(at.Position, buffer.AsSpan(0, size), fromDisk: true, out _));
            for (var from = 1; from < bytes.Length && RecordBatch.TryRead(bytes[from..], out var batch); from++)
            {
                if (batch.BaseOffset > at.Offset && batch.BaseOffset < view.HighWatermark && batch.TotalBytes <= bytes.Length - from
                    && IsPlausible(batch, new BatchPosition(batch.BaseOffset, at.Segment, at.Position + from), scanEnd)
                    && RecordBatch.IsIntact(bytes.Slice(from, (int)batch.TotalBytes)))
                {
                    return new BatchPosition(batch.BaseOffset, at.Segment, at.Position + from);
                }
            }

            return null;
        }
        finally
        {
            Buffers.Return(buffer);
        }
    }

    private static BatchPosition? PositionAt(int segment, long position, long offset, in PartitionView view)
    {
        if (position < view.LimitOf(segment))
        {
            return new BatchPosition(offset, segment, position);
        }

        return segment + 1 < view.Segments.Length ? new BatchPosition(view.Segments[segment + 1].BaseOffset, segment + 1, 0) : null;
    }

    private void Report(long firstOffset, long lastOffset, Segment segment)
    {
        if (firstOffset <= lastOffset)
        {
            Damaged?.Invoke(new BatchDamage(partition.Name, firstOffset, lastOffset, segment.FilePath));
        }
    }
}
