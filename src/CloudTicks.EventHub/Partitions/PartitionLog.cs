using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// One partition. Three threads meet here, each with its own part: the log's thread gives out offsets, the apply thread notes where
/// durable batches lie and moves the high watermark, and connections read below the high watermark.
/// </summary>
internal sealed class PartitionLog : IDisposable
{
    private readonly Disk _disk;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<FetchWaiter> _waiters = [];
    private Segment[] _segments = [];
    private LogSlice? _growing;
    private long _taken;
    private long _highWatermark;
    private long _logStart;
    private long _readableBytes;
    private long _growingSince;
    private long _vouchedFor = -1;

    public PartitionLog(Disk disk, string folder, PartitionName name, int segmentBytes, TimeSpan? rollAge, TimeProvider time)
    {
        _disk = disk;
        _folder = folder;
        RollBy(segmentBytes, rollAge);
        _time = time;
        Name = name;
        Reader = new PartitionReader(this);
    }

    public PartitionName Name { get; }

    /// <summary>Stands for it in the log.</summary>
    public required BatchAddress Address { get; init; }

    public string Folder => _folder;

    /// <summary>A segment takes no more than this.</summary>
    public int SegmentBytes { get; private set; }

    /// <summary>A segment takes no more after this long; null for any time.</summary>
    public TimeSpan? RollAge { get; private set; }

    /// <summary>At start only: what the last checkpoint says of it.</summary>
    public CheckpointedEnd Checkpointed { get; set; } = CheckpointedEnd.None;

    /// <summary>What lies before it is part of the last checkpoint: a start takes what replaced it, and not what the log says.</summary>
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

    /// <summary>Apply thread: takes a durable batch; true for the first since the last <see cref="ShowTaken"/>.</summary>
    /// <param name="at">Where it begins in the file.</param>
    public bool Take(LogFile file, int at, in RecordBatch batch)
    {
        var isFirst = _taken == 0;
        var slice = _growing is { IsSealed: false } growing && growing.File == file && !IsFull(growing, batch)
            ? growing
            : Roll(file, batch);
        slice.Add(batch, at);
        _taken += batch.TotalBytes;
        return isFirst;
    }

    /// <summary>Apply thread: moves the high watermark behind what was taken, and wakes readers.</summary>
    public void ShowTaken()
    {
        if (_growing is null)
        {
            return; // the topic was deleted by the same write
        }

        FetchWaiter[] waiters;
        lock (_gate)
        {
            Interlocked.Exchange(ref _highWatermark, _growing.NextOffset);
            _readableBytes = _growing.Bytes;
            waiters = _waiters.Count == 0 ? [] : [.. _waiters];
        }

        foreach (var waiter in waiters)
        {
            waiter.Appended(_taken);
        }

        _taken = 0;
    }

    /// <summary>Apply thread: a log file takes no more, and so does the partition's part of it.</summary>
    public void Seal(LogFile file)
    {
        if (_growing is { } growing && growing.File == file)
        {
            growing.Seal();
            _growing = null;
        }
    }

    /// <summary>Apply thread, and at start: when a segment takes no more.</summary>
    public void RollBy(int segmentBytes, TimeSpan? rollAge) => (SegmentBytes, RollAge) = (segmentBytes, rollAge);

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

    /// <summary>Apply thread, at a checkpoint's mark.</summary>
    public PartitionCheckpoint TakeCheckpoint(IReadOnlyCollection<KeyValuePair<long, ProducerState>> producers)
    {
        lock (_gate)
        {
            return new PartitionCheckpoint(this, _highWatermark, _logStart, producers);
        }
    }

    /// <summary>At start: takes the segments as they were found.</summary>
    /// <param name="segments">Oldest first, all of them sealed.</param>
    /// <param name="nextOffset">The offset behind the last record; between it and the last segment records may be lost.</param>
    /// <param name="logStart">The first offset.</param>
    public void Open(IReadOnlyList<Segment> segments, long nextOffset, long logStart)
    {
        _segments = [.. segments];
        StartInLog = _logStart = logStart;
        LogEnd = _highWatermark = nextOffset;
        _readableBytes = _segments is [.., var newest] ? newest.Bytes : 0;
    }

    /// <summary>
    /// Apply thread: lets the log begin later. The segments that lie wholly before leave the view; the caller gives their space back,
    /// and a read of them that is on its way ends with nothing.
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

            before = [.. _segments.TakeWhile(s => s.NextOffset <= offset)];
            _segments = _segments[before.Count..];
            _readableBytes = _segments.Length > 0 ? _readableBytes : 0;
            _growing = _segments.Length > 0 ? _growing : null;
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
    public bool Replace(IReadOnlyList<Segment> old, IReadOnlyList<FileSegment> replacement)
    {
        lock (_gate)
        {
            var at = Array.IndexOf(_segments, old[0]);
            if (at < 0 || !_segments.AsSpan(at).StartsWith([.. old]) || old.Any(segment => !segment.IsSealed))
            {
                return false;
            }

            _readableBytes = at + old.Count == _segments.Length ? replacement[^1].Bytes : _readableBytes;
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

            (_segments, _growing) = ([], null);
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

    private bool IsFull(LogSlice growing, in RecordBatch next) =>
        growing.Bytes + next.TotalBytes > SegmentBytes || (RollAge is { } longest && _time.GetElapsedTime(_growingSince) >= longest);

    private LogSlice Roll(LogFile file, in RecordBatch first)
    {
        if (_taken > 0)
        {
            ShowTaken(); // it is the end of a segment that is complete
        }

        var next = new LogSlice(new LogRange(file, Address, first.BaseOffset), isSealed: false);
        lock (_gate)
        {
            _growing?.Seal();
            _growing = next;
            _segments = [.. _segments, next];
            _readableBytes = 0;
        }

        _growingSince = _time.GetTimestamp();
        return next;
    }
}
