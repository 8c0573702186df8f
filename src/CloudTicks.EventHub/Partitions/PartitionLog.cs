using CloudTicks.EventHub.Storage;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// One partition. Three threads meet here, each with its own part: the log's thread gives out offsets, the apply thread appends
/// what is durable and moves the high watermark, and connections read below the high watermark.
/// </summary>
internal sealed class PartitionLog : IDisposable
{
    private readonly Disk _disk;
    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<byte>> _staged = [];
    private readonly List<FetchWaiter> _waiters = [];
    private List<Segment> _unflushed = [];
    private Segment[] _segments = [];
    private long _stagedBytes;
    private long _highWatermark;
    private long _readableBytes;

    public PartitionLog(Disk disk, string folder, PartitionName name, long segmentBytes)
    {
        _disk = disk;
        _folder = folder;
        _segmentBytes = segmentBytes;
        Name = name;
        Reader = new PartitionReader(this);
    }

    public PartitionName Name { get; }

    public PartitionReader Reader { get; }

    /// <summary>
    /// What the last checkpoint vouches for and is not there, in a sentence. Only a deletion of the topic further on in the log explains it.
    /// </summary>
    public string? Missing { get; private set; }

    /// <summary>The topic was deleted.</summary>
    public bool Gone { get; private set; }

    /// <summary>Log thread only: the offset of the next record.</summary>
    public long LogEnd { get; set; }

    /// <summary>Log thread only.</summary>
    public ProducerStates Producers { get; } = new();

    /// <summary>Records below it are durable and readable.</summary>
    public long HighWatermark => Interlocked.Read(ref _highWatermark);

    public long LogStart
    {
        get
        {
            var segments = Volatile.Read(ref _segments);
            return segments.Length == 0 ? HighWatermark : segments[0].BaseOffset;
        }
    }

    /// <summary>Apply thread: takes a durable batch for the next <see cref="WriteStaged"/>; true for the first of a round.</summary>
    public bool Stage(ReadOnlyMemory<byte> batch)
    {
        _staged.Add(batch);
        _stagedBytes += batch.Length;
        return _staged.Count == 1;
    }

    /// <summary>Apply thread: appends the staged batches, moves the high watermark and wakes readers. On failure nothing moved.</summary>
    public void WriteStaged()
    {
        if (_staged.Count == 0)
        {
            return; // deleted in the same round
        }

        if (_segments is not [.., var segment] || (segment.Bytes > 0 && segment.Bytes + _stagedBytes > _segmentBytes))
        {
            segment = Roll();
        }

        segment.Append(_staged);
        var appended = _stagedBytes;
        _staged.Clear();
        _stagedBytes = 0;
        FetchWaiter[] waiters;
        lock (_gate)
        {
            Interlocked.Exchange(ref _highWatermark, segment.NextOffset);
            _readableBytes = segment.Bytes;
            if (_unflushed.Count == 0 || _unflushed[^1] != segment)
            {
                _unflushed.Add(segment);
            }

            waiters = _waiters.Count == 0 ? [] : [.. _waiters];
        }

        foreach (var waiter in waiters)
        {
            waiter.Appended(appended);
        }
    }

    /// <summary>The segments, oldest first, and the end of what may be read of the newest one.</summary>
    public PartitionView View()
    {
        lock (_gate)
        {
            return new PartitionView(_segments, _readableBytes, _highWatermark);
        }
    }

    public void Watch(FetchWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Add(waiter);
        }
    }

    public void Unwatch(FetchWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
        }
    }

    /// <summary>Apply thread, at a checkpoint's mark: where the partition ends and what must be flushed for that to be durable.</summary>
    public PartitionCheckpoint TakeCheckpoint(IReadOnlyCollection<KeyValuePair<long, ProducerState>> producers)
    {
        lock (_gate)
        {
            var flush = _unflushed;
            _unflushed = [];
            return new PartitionCheckpoint(
                _segments is [.., var last] ? last.BaseOffset : -1, _segments is [.., var end] ? end.Bytes : 0, _highWatermark, producers, flush, _folder);
        }
    }

    /// <summary>At start: opens what the last checkpoint vouches for and removes what came later; the log brings it again.</summary>
    public void Recover(long lastSegment, long lastSegmentBytes, long nextOffset)
    {
        if (Directory.Exists(_folder))
        {
            var kept = new List<Segment>();
            var baseOffsets = Segment.List(_folder);
            foreach (var later in baseOffsets.Where(o => o > lastSegment))
            {
                Segment.Delete(_disk, _folder, later);
            }

            baseOffsets.RemoveAll(o => o > lastSegment);
            for (var i = 0; i < baseOffsets.Count; i++)
            {
                kept.Add(baseOffsets[i] == lastSegment
                    ? Segment.OpenGrowing(_disk, _folder, lastSegment, lastSegmentBytes, nextOffset)
                    : Segment.OpenSealed(_disk, _folder, baseOffsets[i], i + 1 < baseOffsets.Count ? baseOffsets[i + 1] : nextOffset));
            }

            _segments = [.. kept];
        }

        if (lastSegment >= 0 && (_segments.Length == 0 || _segments[^1].BaseOffset != lastSegment))
        {
            Missing = $"The segment {lastSegment} of {Name} is gone from {_folder}. Restore it from a copy.";
        }

        LogEnd = _highWatermark = nextOffset;
        _readableBytes = Math.Max(lastSegmentBytes, 0);
    }

    /// <summary>Apply thread: removes the partition from the disk.</summary>
    public void Delete()
    {
        FetchWaiter[] waiters;
        lock (_gate)
        {
            Gone = true;
            Dispose();
            _staged.Clear();
            _stagedBytes = 0;
            _segments = [];
            _unflushed = [];
            waiters = [.. _waiters];
        }

        _disk.DeleteFolder(_folder);

        foreach (var waiter in waiters)
        {
            waiter.Wake();
        }
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
        {
            segment.Dispose();
        }
    }

    private Segment Roll()
    {
        _disk.CreateFolder(_folder);
        _ = RecordBatch.TryRead(_staged[0].Span, out var first);
        var next = Segment.Create(_disk, _folder, first.BaseOffset);
        lock (_gate)
        {
            if (_segments is [.., var full])
            {
                full.Seal();
                if (!_unflushed.Contains(full))
                {
                    _unflushed.Add(full);
                }
            }

            _segments = [.. _segments, next];
            _readableBytes = 0;
        }

        return next;
    }
}
