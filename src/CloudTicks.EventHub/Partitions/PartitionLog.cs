using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// One partition. Three threads meet here, each with its own part: the log's thread gives out offsets, the apply thread appends
/// what is durable and moves the high watermark, and connections read below the high watermark.
/// </summary>
internal sealed class PartitionLog : IDisposable
{
    private readonly Disk _disk;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<byte>> _staged = [];
    private readonly List<FetchWaiter> _waiters = [];
    private int _segmentBytes;
    private TimeSpan? _rollAge;
    private List<SortedSegment> _unflushed = [];
    private Segment[] _segments = [];
    private long _highWatermark;
    private long _logStart;
    private long _readableBytes;
    private long _newestSince;
    private long _vouchedFor = -1;
    private TimeSpan _newestAgeBefore;

    public PartitionLog(Disk disk, string folder, PartitionName name, int segmentBytes, TimeSpan? rollAge, TimeProvider time)
    {
        _disk = disk;
        _folder = folder;
        _segmentBytes = segmentBytes;
        _rollAge = rollAge;
        _time = time;
        Name = name;
        Reader = new PartitionReader(this);
    }

    public PartitionName Name { get; }

    /// <summary>Stands for it in the log.</summary>
    public required BatchAddress Address { get; init; }

    public string Folder => _folder;

    /// <summary>At start only: what the last checkpoint says of it.</summary>
    public CheckpointedEnd Checkpointed { get; set; } = CheckpointedEnd.None;

    /// <summary>The segments before it are part of the last checkpoint: a start does not put them together with the log.</summary>
    public long VouchedFor
    {
        get => Interlocked.Read(ref _vouchedFor);
        set => Interlocked.Exchange(ref _vouchedFor, value);
    }

    /// <summary>Apply thread only: its place in the file of acknowledged ends; 0 while it has none.</summary>
    public int AcknowledgedSlot { get; set; }

    public PartitionReader Reader { get; }

    /// <summary>Held by whoever replaces segments, from the look at them to the end; it takes long.</summary>
    public Lock Rewriting { get; } = new();

    /// <summary>The topic was deleted.</summary>
    public bool Gone { get; private set; }

    /// <summary>Log thread only: the offset of the next record.</summary>
    public long LogEnd { get; set; }

    /// <summary>Log thread only: the start, one included that is not durable yet.</summary>
    public long StartInLog { get; set; }

    /// <summary>Log thread only.</summary>
    public ProducerStates Producers { get; } = new();

    /// <summary>Records below it are durable and readable.</summary>
    public long HighWatermark => Interlocked.Read(ref _highWatermark);

    /// <summary>The first offset that may be read.</summary>
    public long LogStart => Interlocked.Read(ref _logStart);

    /// <summary>Apply thread: takes a durable batch for the next <see cref="WriteStaged"/>; true for the first of a round.</summary>
    public bool Stage(ReadOnlyMemory<byte> batch)
    {
        _staged.Add(batch);
        return _staged.Count == 1;
    }

    /// <summary>Apply thread: appends the staged batches, moves the high watermark and wakes readers. A failure resumes there.</summary>
    public void WriteStaged()
    {
        while (_staged.Count > 0)
        {
            var segment = _segments is [.., SortedSegment { IsSealed: false } newest] && !IsFull(newest) ? newest : Roll();
            var count = 1;
            long bytes = _staged[0].Length;
            while (count < _staged.Count && segment.Bytes + bytes + _staged[count].Length <= _segmentBytes)
            {
                bytes += _staged[count++].Length;
            }

            segment.Append(count == _staged.Count ? _staged : _staged.GetRange(0, count));
            _staged.RemoveRange(0, count);
            Show(segment, bytes);
        }
    }

    /// <summary>Apply thread, and at start: when a segment takes no more.</summary>
    public void RollBy(int segmentBytes, TimeSpan? rollAge) => (_segmentBytes, _rollAge) = (segmentBytes, rollAge);

    /// <summary>The segments, oldest first, and the end of what may be read of the newest one.</summary>
    public PartitionView View()
    {
        lock (_gate)
        {
            return new PartitionView(_segments, _readableBytes, _highWatermark, _logStart);
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
                _segments is [.., var last] ? last.BaseOffset : -1, _segments is [.., var end] ? end.Bytes : 0,
                _highWatermark, _logStart, producers, flush, _folder)
            {
                Partition = this,
            };
        }
    }

    /// <summary>At start: takes the segments as they were found.</summary>
    /// <param name="segments">Oldest first.</param>
    /// <param name="unflushed">Those with bytes that no checkpoint has flushed.</param>
    /// <param name="nextOffset">The offset behind the last whole record.</param>
    /// <param name="logStart">The first offset.</param>
    public void Open(IReadOnlyList<Segment> segments, IEnumerable<SortedSegment> unflushed, long nextOffset, long logStart)
    {
        _segments = [.. segments];
        _unflushed = [.. unflushed];
        StartInLog = _logStart = logStart;
        LogEnd = _highWatermark = nextOffset;
        _readableBytes = _segments is [.., var newest] ? newest.Bytes : 0;
        _newestSince = _time.GetTimestamp();
    }

    /// <summary>At start, when everything found was written: offsets go on here, those between were lost.</summary>
    public void SkipTo(long offset)
    {
        LogEnd = offset;
        lock (_gate)
        {
            Interlocked.Exchange(ref _highWatermark, offset);
        }
    }

    /// <summary>At start, when everything found was written: how long the newest segment has been taking records.</summary>
    public void MeasureNewest()
    {
        if (_rollAge is { } longest && _segments is [.., var newest] && newest.FirstTime() is { } first)
        {
            var age = _time.GetUtcNow().ToUnixTimeMilliseconds() - first;
            _newestAgeBefore = TimeSpan.FromMilliseconds(Math.Clamp(age, 0, longest.TotalMilliseconds));
        }
    }

    /// <summary>
    /// Apply thread, and at start: lets the log begin later. The segments that lie wholly before leave the view; who asked deletes their
    /// files, and a read of them that is on its way ends with nothing.
    /// </summary>
    public IReadOnlyList<Segment> MoveStart(long offset)
    {
        List<Segment> before;
        FetchWaiter[] waiters;
        lock (_gate)
        {
            if (Gone || offset <= _logStart)
            {
                return [];
            }

            Interlocked.Exchange(ref _logStart, offset);
            Interlocked.Exchange(ref _highWatermark, Math.Max(_highWatermark, offset));

            // An empty one stays: the file of the next batches has its name.
            before = [.. _segments.TakeWhile(s => s.NextOffset <= offset && s.Bytes > 0)];
            _segments = _segments[before.Count..];
            _readableBytes = _segments.Length > 0 ? _readableBytes : 0;
            _unflushed.RemoveAll(s => before.Contains(s));
            waiters = [.. _waiters];
        }

        foreach (var waiter in waiters)
        {
            waiter.Wake();
        }

        return before;
    }

    /// <summary>
    /// Puts others in the place of sealed segments. The new ones are durable, and the one of the same name as an old one was written after
    /// that one was pinned. The caller removes the old ones, and when this is refused the new ones. One caller at a time.
    /// </summary>
    /// <param name="old">Segments of one view, one behind the other.</param>
    /// <param name="replacement">They stand for the same offsets.</param>
    /// <returns>False when the old ones are not all there any more, because the log begins later by now.</returns>
    public bool Replace(IReadOnlyList<Segment> old, IReadOnlyList<SortedSegment> replacement)
    {
        lock (_gate)
        {
            var at = Array.IndexOf(_segments, old[0]);
            if (at < 0 || !_segments.AsSpan(at).StartsWith([.. old]) || old.Any(segment => !segment.IsSealed))
            {
                return false;
            }

            _unflushed.RemoveAll(segment => old.Contains(segment));
            _segments = [.. _segments[..at], .. replacement, .. _segments[(at + old.Count)..]];
            return true;
        }
    }

    /// <summary>Apply thread: removes the partition from the disk.</summary>
    public void Delete()
    {
        FetchWaiter[] waiters;
        lock (_gate)
        {
            Gone = true;
            foreach (var segment in _segments)
            {
                segment.Abandon();
            }

            _staged.Clear();
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

    private bool IsFull(Segment newest) =>
        newest.Bytes > 0
        && (newest.Bytes + _staged[0].Length > _segmentBytes
            || (_rollAge is { } longest && _newestAgeBefore + _time.GetElapsedTime(_newestSince) >= longest));

    /// <summary>Lets readers have what was appended.</summary>
    private void Show(SortedSegment segment, long bytes)
    {
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
            waiter.Appended(bytes);
        }
    }

    private SortedSegment Roll()
    {
        _disk.CreateFolder(_folder);
        _ = RecordBatch.TryRead(_staged[0].Span, out var first);
        var next = SortedSegment.Create(_disk, _folder, first.BaseOffset);
        lock (_gate)
        {
            if (_segments is [.., SortedSegment { IsSealed: false } full])
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

        _newestSince = _time.GetTimestamp();
        _newestAgeBefore = TimeSpan.Zero;
        return next;
    }
}
