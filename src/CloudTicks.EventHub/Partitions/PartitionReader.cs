using System.Buffers;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// Reads whole batches below the high watermark. Every batch is checked against its checksum, its place against its neighbour;
/// what is damaged is reported and stepped over, never served.
/// </summary>
internal sealed class PartitionReader(PartitionLog partition)
{
    private const int RememberedPlaces = 8;
    private const int RememberedReports = 1000;
    private readonly Place[] _places = new Place[RememberedPlaces];
    private readonly Lock _gate = new();
    private readonly HashSet<long> _reported = [];
    private int _nextPlace;

    /// <summary>Told of each damaged stretch that a read met.</summary>
    public Action<BatchDamage>? Damaged { get; set; }

    /// <summary>Reads from the batch that contains an offset.</summary>
    /// <param name="offset">Between the log's start and the high watermark.</param>
    /// <param name="maxBytes">No more than this, whole batches only.</param>
    /// <param name="atLeastOne">True to read the first batch even when it is larger.</param>
    public FetchedRecords Read(long offset, int maxBytes, bool atLeastOne)
    {
        var view = partition.View();
        if (offset >= view.HighWatermark || view.Segments.Length == 0)
        {
            return FetchedRecords.Empty;
        }

        var place = Recall(offset, view) ?? Locate(offset, view);
        while (place is { } start)
        {
            var read = ReadAt(start, view, maxBytes, atLeastOne, out var next);
            if (read is not null)
            {
                Remember(next);
                return read;
            }

            place = next.Position < 0 ? null : next;
        }

        return FetchedRecords.Empty;
    }

    /// <summary>
    /// Bytes from an offset to the high watermark, by the index: exact where the newest records are waited for, otherwise at most one
    /// index interval too many, which only answers a fetch a little early.
    /// </summary>
    public long AvailableBytes(long offset)
    {
        var view = partition.View();
        if (offset >= view.HighWatermark || view.Segments.Length == 0)
        {
            return 0;
        }

        var segment = view.FloorSegment(offset);
        var from = Recall(offset, view)?.Position ?? view.Segments[segment].FloorOffset(offset)?.Position ?? 0;
        return segment == view.Segments.Length - 1 ? view.NewestBytes - from : long.MaxValue / 1024;
    }

    /// <summary>The first record at or after a time, as far as it can be told without decompressing: else its batch.</summary>
    public (long Offset, long Timestamp)? FindTime(long timestamp)
    {
        var view = partition.View();
        for (var i = 0; i < view.Segments.Length; i++)
        {
            var segment = view.Segments[i];
            if (segment.MaxTimestamp < timestamp || segment.FloorTime(timestamp) is not { } entry)
            {
                continue;
            }

            for (Place? place = new Place(entry.Offset, i, entry.Position); place is { } at && at.Segment == i;)
            {
                if (HeaderAt(at, view) is not { } batch)
                {
                    place = StepOver(at, view);
                    continue;
                }

                if (batch.MaxTimestamp >= timestamp)
                {
                    return FindInBatch(at, view, batch, timestamp);
                }

                place = Behind(at, batch, view);
            }
        }

        return null;
    }

    private static (long Offset, long Timestamp) FindInBatch(Place at, in PartitionView view, in RecordBatch batch, long timestamp)
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

    /// <summary>Walks headers from the index entry below an offset to the batch that contains it.</summary>
    private Place? Locate(long offset, in PartitionView view)
    {
        var segment = view.FloorSegment(offset);
        if (view.Segments[segment].FloorOffset(offset) is not { } entry)
        {
            return null;
        }

        Place? place = new Place(entry.Offset, segment, entry.Position);
        while (place is { } at)
        {
            if (HeaderAt(at, view) is not { } batch)
            {
                place = StepOver(at, view);
            }
            else if (batch.NextOffset > offset)
            {
                return at;
            }
            else
            {
                place = Behind(at, batch, view);
            }
        }

        return null;
    }

    private FetchedRecords? ReadAt(Place at, in PartitionView view, int maxBytes, bool atLeastOne, out Place next)
    {
        next = at;
        if (HeaderAt(at, view) is not { } first)
        {
            next = StepOver(at, view) ?? Place.None;
            return null;
        }

        if (first.TotalBytes > maxBytes && !atLeastOne)
        {
            return FetchedRecords.Empty;
        }

        var limit = view.LimitOf(at.Segment);
        var size = (int)Math.Min(limit - at.Position, Math.Max(maxBytes, first.TotalBytes));
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var read = view.Segments[at.Segment].Read(at.Position, buffer.AsSpan(0, size));
        var used = 0;
        while (RecordBatch.TryRead(buffer.AsSpan(used, read - used), out var batch) && IsPlausible(batch, next, limit) && batch.TotalBytes <= read - used
            && RecordBatch.IsIntact(buffer.AsSpan(used, (int)batch.TotalBytes)))
        {
            used += (int)batch.TotalBytes;
            next = Behind(next, batch, view) ?? Place.None;
            if (next.Position < 0 || next.Segment != at.Segment)
            {
                break;
            }
        }

        if (used > 0)
        {
            return new FetchedRecords(buffer, 0, used);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        next = StepOver(at, view) ?? Place.None;
        return null;
    }

    /// <summary>The first whole batch behind a damaged place and before the next one that the index knows.</summary>
    private static Place? Scan(Place at, long stop, in PartitionView view)
    {
        var segment = view.Segments[at.Segment];
        var size = (int)Math.Min(stop - at.Position, int.MaxValue / 2);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var bytes = buffer.AsSpan(0, segment.Read(at.Position, buffer.AsSpan(0, size)));
            for (var from = 1; RecordBatch.TryRead(bytes[from..], out var batch); from++)
            {
                if (batch.BaseOffset > at.Offset && batch.BaseOffset < view.HighWatermark && batch.TotalBytes <= bytes.Length - from
                    && IsPlausible(batch, new Place(batch.BaseOffset, at.Segment, at.Position + from), stop)
                    && RecordBatch.IsIntact(bytes.Slice(from, (int)batch.TotalBytes)))
                {
                    return new Place(batch.BaseOffset, at.Segment, at.Position + from);
                }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The header at a place, or nothing when it is not the header that belongs there.</summary>
    private static RecordBatch? HeaderAt(Place at, in PartitionView view)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        return view.Segments[at.Segment].Read(at.Position, header) == header.Length && RecordBatch.TryRead(header, out var batch)
            && IsPlausible(batch, at, view.LimitOf(at.Segment))
            ? batch
            : null;
    }

    private static bool IsPlausible(in RecordBatch batch, Place at, long limit) =>
        batch.Magic == 2 && batch.LeaderEpoch == 0 && batch.BaseOffset == at.Offset && batch.LastOffsetDelta >= 0
        && batch.TotalBytes >= RecordBatch.HeaderBytes && at.Position + batch.TotalBytes <= limit;

    /// <summary>The place behind a batch. An index entry there knows better than the batch before it where the offsets go on.</summary>
    private static Place? Behind(Place at, in RecordBatch batch, in PartitionView view) =>
        PlaceAt(at.Segment, at.Position + batch.TotalBytes, batch.NextOffset, view);

    private static Place? PlaceAt(int segment, long position, long offset, in PartitionView view)
    {
        if (position < view.LimitOf(segment))
        {
            return new Place(offset, segment, position);
        }

        return segment + 1 < view.Segments.Length ? new Place(view.Segments[segment + 1].BaseOffset, segment + 1, 0) : null;
    }

    /// <summary>
    /// The next place known to the index when what lies at this one does not belong there: damage, or only a hole in the
    /// offsets that an earlier recovery left and indexed.
    /// </summary>
    private Place? StepOver(Place at, in PartitionView view)
    {
        var segment = view.Segments[at.Segment];
        if (segment.CeilingPosition(at.Position) is { } here && here.Position == at.Position && here.Offset != at.Offset
            && here.Position < view.LimitOf(at.Segment))
        {
            return new Place(here.Offset, at.Segment, here.Position);
        }

        var limit = view.LimitOf(at.Segment);
        var known = segment.CeilingPosition(at.Position + 1) is { } entry && entry.Position < limit
            ? new Place(entry.Offset, at.Segment, entry.Position)
            : new Place(view.HighWatermark, at.Segment, limit);
        var next = Scan(at, known.Position, view) ?? PlaceAt(at.Segment, known.Position, known.Offset, view);
        Report(at.Offset, (next?.Offset ?? view.HighWatermark) - 1);
        return next;
    }

    /// <summary>Tells of damage once, not at every read that meets it.</summary>
    private void Report(long firstOffset, long lastOffset)
    {
        lock (_gate)
        {
            if (_reported.Count >= RememberedReports || !_reported.Add(firstOffset))
            {
                return;
            }
        }

        Damaged?.Invoke(new BatchDamage(partition.Name, firstOffset, lastOffset));
    }

    private Place? Recall(long offset, in PartitionView view)
    {
        lock (_gate)
        {
            foreach (var place in _places)
            {
                if (place.Offset == offset && place.Position > 0 && place.Segment < view.Segments.Length
                    && place.Position < view.LimitOf(place.Segment))
                {
                    return place;
                }
            }
        }

        return null;
    }

    private void Remember(Place place)
    {
        if (place.Position > 0)
        {
            lock (_gate)
            {
                _places[_nextPlace++ % RememberedPlaces] = place;
            }
        }
    }

    private readonly record struct Place(long Offset, int Segment, long Position)
    {
        public static Place None { get; } = new(-1, 0, -1);
    }
}
