using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// Reads whole batches below the high watermark. The checksum of each batch is verified, except for batches in memory, which were verified
/// before. Each batch must follow the previous one. Damage is reported and skipped, never served.
/// </summary>
internal sealed class PartitionReader
{
    private const int MaxCachedPositions = 8;
    private readonly PartitionLog _partition;
    private readonly BatchLocator _locator;
    private readonly TimeSearch _times;
    private readonly (BatchPosition Position, Segment? Segment)[] _positions = new (BatchPosition, Segment?)[MaxCachedPositions];
    private readonly Lock _gate = new();
    private int _nextPosition;

    public PartitionReader(PartitionLog partition)
    {
        _partition = partition;
        _locator = new BatchLocator(partition);
        _times = new TimeSearch(partition, _locator);
    }

    /// <summary>Receives each damaged range that a read finds.</summary>
    public Action<BatchDamage>? Damaged
    {
        get => _locator.Damaged;
        set => _locator.Damaged = value;
    }

    /// <summary>Reads from the batch that contains an offset.</summary>
    /// <param name="offset">Between the log's start and the high watermark; outside, nothing is read.</param>
    /// <param name="maxBytes">Maximum bytes, whole batches only.</param>
    /// <param name="atLeastOne">True to read the first batch even if it is larger than the maximum.</param>
    /// <param name="fromDisk">True to verify the disk instead of memory; the end of the read is then not cached.</param>
    public FetchedRecords Read(long offset, int maxBytes, bool atLeastOne, bool fromDisk = false)
    {
        for (var view = _partition.View(); ;)
        {
            try
            {
                return Read(offset, maxBytes, atLeastOne, fromDisk, view);
            }
            catch (SegmentDeletedException)
            {
                // The segment was replaced, or deleted because the start of the log moved; the next fetch reports the new start.
                var previousSegments = view.Segments;
                view = _partition.View();
                if (view.Segments == previousSegments)
                {
                    return FetchedRecords.Empty;
                }
            }
        }
    }

    /// <summary>The size of the batch that contains an offset; 0 when there is none, or when it is damaged.</summary>
    public int BatchBytes(long offset)
    {
        try
        {
            var view = _partition.View();
            return offset >= view.LogStart && offset < view.HighWatermark && view.Segments.Length > 0
                && (FindCached(offset, view) ?? _locator.Locate(offset, view)) is { } position
                && BatchLocator.HeaderAt(position, view) is { } batch
                ? (int)batch.TotalBytes : 0;
        }
        catch (SegmentDeletedException)
        {
            return 0;
        }
    }

    private FetchedRecords Read(long offset, int maxBytes, bool atLeastOne, bool fromDisk, in PartitionView view)
    {
        if (offset < view.LogStart || offset >= view.HighWatermark || view.Segments.Length == 0)
        {
            return FetchedRecords.Empty;
        }

        var position = FindCached(offset, view) ?? _locator.Locate(offset, view);
        while (position is { } start)
        {
            var read = ReadAt(start, view, maxBytes, atLeastOne, fromDisk, out var next);
            if (read is not null)
            {
                if (!fromDisk)
                {
                    Cache(next, view);
                }

                return read;
            }

            position = next.Position < 0 ? null : next;
        }

        return FetchedRecords.Empty;
    }

    /// <summary>
    /// The number of bytes from an offset to the high watermark. In the newest segment the number is estimated from the index. It is too
    /// large by at most one index interval, so a response may be sent slightly early. When the offset is in an older segment, the result is
    /// a constant above every limit.
    /// </summary>
    public long AvailableBytes(long offset)
    {
        var view = _partition.View();
        if (offset < view.LogStart || offset >= view.HighWatermark || view.Segments.Length == 0)
        {
            return 0;
        }

        var segment = view.FloorSegment(offset);
        if (segment < view.Segments.Length - 1)
        {
            return long.MaxValue / 1024;
        }

        if (offset >= view.Segments[segment].RecordsEnd)
        {
            return 0; // only lost records follow
        }

        try
        {
            return view.NewestBytes - (FindCached(offset, view)?.Position ?? view.Segments[segment].FloorOffset(offset)?.Position ?? 0);
        }
        catch (SegmentDeletedException)
        {
            return 0;
        }
    }

    /// <summary>The first record at or after a time; the start of its batch when its records cannot be decompressed.</summary>
    public (long Offset, long Timestamp)? FindTime(long timestamp) => _times.Find(timestamp);

    private FetchedRecords? ReadAt(
        BatchPosition at, in PartitionView view, int maxBytes, bool atLeastOne, bool fromDisk, out BatchPosition next)
    {
        next = at;
        if (BatchLocator.HeaderAt(at, view, fromDisk) is not { } first)
        {
            next = _locator.SkipDamage(at, view) ?? BatchPosition.None;
            return null;
        }

        if (first.TotalBytes > maxBytes && !atLeastOne)
        {
            return FetchedRecords.Empty;
        }

        var limit = view.LimitOf(at.Segment);
        var size = (int)Math.Min(limit - at.Position, Math.Max(maxBytes, first.TotalBytes));
        var buffer = Buffers.Rent(size);
        var read = view.Segments[at.Segment].Read(at.Position, buffer.AsSpan(0, size), fromDisk, out var isChecked);
        var used = 0;
        while (RecordBatch.TryRead(buffer.AsSpan(used, read - used), out var batch)
            && BatchLocator.IsPlausible(batch, next, limit) && batch.TotalBytes <= read - used
            && (isChecked || RecordBatch.IsIntact(buffer.AsSpan(used, (int)batch.TotalBytes))))
        {
            used += (int)batch.TotalBytes;
            next = _locator.After(next, batch, view) ?? BatchPosition.None;
            if (next.Position < 0 || next.Segment != at.Segment)
            {
                break;
            }
        }

        // Compaction leaves empty batches. Some clients treat a response that contains only empty batches as the end of the partition.
        var emptyBatchBytes = first.Count == 0 ? (int)first.TotalBytes : 0;
        if (used > emptyBatchBytes)
        {
            return new FetchedRecords(buffer, emptyBatchBytes, used - emptyBatchBytes);
        }

        if (used > 0)
        {
            Buffers.Return(buffer);
            return null;
        }

        Buffers.Return(buffer);
        next = _locator.SkipDamage(at, view) ?? BatchPosition.None;
        return null;
    }

    private BatchPosition? FindCached(long offset, in PartitionView view)
    {
        lock (_gate)
        {
            foreach (var (position, segment) in _positions)
            {
                // The segment's index in the view changes when older segments are deleted.
                if (position.Offset == offset && segment is not null && view.FloorSegment(offset) is var at && view.Segments[at] == segment
                    && position.Position < view.LimitOf(at))
                {
                    return position with { Segment = at };
                }
            }
        }

        return null;
    }

    private void Cache(BatchPosition position, in PartitionView view)
    {
        if (position.Position > 0)
        {
            lock (_gate)
            {
                _positions[_nextPosition++ % MaxCachedPositions] = (position, view.Segments[position.Segment]);
            }
        }
    }
}
