using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// One partition. Three threads use it, each with its own part: the log thread assigns offsets, the apply thread records the positions of
/// durable batches and moves the high watermark, and connections read below the high watermark.
/// </summary>
internal sealed class PartitionLog : IDisposable
{
    private readonly Disk _disk;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<FetchWaiter> _waiters = [];
    private Segment[] _segments = [];
    private LogSlice? _growingSlice;
    private long _appendedBytes;
    private long _highWatermark;
    private long _logStart;
    private long _readableBytes;
    private long _growingSince;
    private long _checkpointedTo = -1;

    public PartitionLog(Disk disk, string folder, PartitionName name, int segmentBytes, TimeSpan? rollAge, TimeProvider time)
    {
        _disk = disk;
        _folder = folder;
        SetRollLimits(segmentBytes, rollAge);
        _time = time;
        Name = name;
        Reader = new PartitionReader(this);
    }

    public PartitionName Name { get; }

    /// <summary>Identifies the partition in the write-ahead log.</summary>
    public required BatchAddress Address { get; init; }

    public string Folder => _folder;

    /// <summary>Maximum bytes of a segment.</summary>
    public int SegmentBytes { get; private set; }

    /// <summary>Maximum age of the growing segment; null for unlimited.</summary>
    public TimeSpan? RollAge { get; private set; }

    /// <summary>Only at startup: the end at the last checkpoint.</summary>
    public CheckpointedEnd Checkpointed { get; set; } = CheckpointedEnd.None;

    /// <summary>
    /// The offset up to which the last checkpoint covers the records: the next start reads their segments instead of the log.
    /// </summary>
    public long CheckpointedTo
    {
        get => Interlocked.Read(ref _checkpointedTo);
        set => Interlocked.Exchange(ref _checkpointedTo, value);
    }

    /// <summary>Apply thread only: the slot in the file of acknowledged ends; 0 when there is none.</summary>
    public int AcknowledgedSlot { get; set; }

    public PartitionReader Reader { get; }

    /// <summary>
    /// Held while segments are replaced: from the first read of the old segments until the replacement is complete. This may take a long
    /// time.
    /// </summary>
    public Lock RewriteLock { get; } = new();

    /// <summary>True when the topic was deleted.</summary>
    public bool IsDeleted { get; private set; }

    /// <summary>Log thread only: the offset of the next record.</summary>
    public long LogEnd { get; set; }

    /// <summary>Log thread only: the start offset, including a move that is not durable yet.</summary>
    public long PendingLogStart { get; set; }

    /// <summary>Log thread only: the idempotent producers.</summary>
    public ProducerStates Producers { get; } = new();

    /// <summary>Records below this offset are durable and readable.</summary>
    public long HighWatermark => Interlocked.Read(ref _highWatermark);

    /// <summary>The first readable offset.</summary>
    public long LogStart => Interlocked.Read(ref _logStart);

    /// <summary>Apply thread: adds a durable batch; true for the first since the last <see cref="PublishAppended"/>.</summary>
    /// <param name="at">Where the batch begins in the file.</param>
    public bool Append(LogFile file, int at, in RecordBatch batch)
    {
        var isFirst = _appendedBytes == 0;
        var slice = _growingSlice is { IsSealed: false } growing && growing.File == file && !IsFull(growing, batch)
            ? growing
            : Roll(file, batch);
        slice.Add(batch, at);
        _appendedBytes += batch.TotalBytes;
        return isFirst;
    }

    /// <summary>Apply thread: moves the high watermark after the appended batches, and wakes readers.</summary>
    public void PublishAppended()
    {
        if (_growingSlice is null)
        {
            return; // the same write deleted the topic
        }

        FetchWaiter[] waiters;
        lock (_gate)
        {
            Interlocked.Exchange(ref _highWatermark, _growingSlice.NextOffset);
            _readableBytes = _growingSlice.Bytes;
            waiters = _waiters.Count == 0 ? [] : [.. _waiters];
        }

        foreach (var waiter in waiters)
        {
            waiter.Appended(_appendedBytes);
        }

        _appendedBytes = 0;
    }

    /// <summary>Apply thread: completes the partition's segment in a complete log file.</summary>
    public void Seal(LogFile file)
    {
        if (_growingSlice is { } growing && growing.File == file)
        {
            growing.Seal();
            _growingSlice = null;
        }
    }

    /// <summary>Apply thread, and at startup: sets the size and the age at which a segment is complete.</summary>
    public void SetRollLimits(int segmentBytes, TimeSpan? rollAge) => (SegmentBytes, RollAge) = (segmentBytes, rollAge);

    /// <summary>The segments, oldest first, and the readable end of the newest segment.</summary>
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

    /// <summary>Apply thread: captures the partition's end, start and producers for a snapshot.</summary>
    public PartitionCheckpoint TakeCheckpoint(IReadOnlyCollection<KeyValuePair<long, ProducerState>> producers)
    {
        lock (_gate)
        {
            return new PartitionCheckpoint(this, _highWatermark, _logStart, producers);
        }
    }

    /// <summary>At startup: sets the recovered segments.</summary>
    /// <param name="segments">Oldest first, all of them sealed.</param>
    /// <param name="nextOffset">The offset after the last record; records between the last segment and this offset may be lost.</param>
    /// <param name="logStart">The first offset.</param>
    public void Open(IReadOnlyList<Segment> segments, long nextOffset, long logStart)
    {
        _segments = [.. segments];
        PendingLogStart = _logStart = logStart;
        LogEnd = _highWatermark = nextOffset;
        _readableBytes = _segments is [.., var newest] ? newest.Bytes : 0;
    }

    /// <summary>
    /// Apply thread: moves the start of the log. The segments before the new start leave the view and are returned for deletion. A read
    /// that is still using one of these segments completes, or returns nothing.
    /// </summary>
    public IReadOnlyList<Segment> MoveStart(long offset)
    {
        List<Segment> before;
        FetchWaiter[] waiters;
        lock (_gate)
        {
            if (IsDeleted || offset <= _logStart)
            {
                return [];
            }

            Interlocked.Exchange(ref _logStart, offset);
            Interlocked.Exchange(ref _highWatermark, Math.Max(_highWatermark, offset));

            before = [.. _segments.TakeWhile(s => s.NextOffset <= offset)];
            _segments = _segments[before.Count..];
            _readableBytes = _segments.Length > 0 ? _readableBytes : 0;
            _growingSlice = _segments.Length > 0 ? _growingSlice : null;
            waiters = [.. _waiters];
        }

        foreach (var waiter in waiters)
        {
            waiter.Wake();
        }

        return before;
    }

    /// <summary>
    /// Replaces sealed segments. The replacement must be durable. A segment with the same name as an old segment must have been written
    /// after the old segment was pinned. The caller deletes the old segments, or the replacement if it is refused. Not reentrant.
    /// </summary>
    /// <param name="old">Consecutive segments of one view.</param>
    /// <param name="replacement">Segments that cover the same offsets.</param>
    /// <returns>False when an old segment no longer exists because the start of the log has moved or the topic was deleted.</returns>
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
            IsDeleted = true;
            foreach (var segment in _segments)
            {
                segment.Abandon();
            }

            (_segments, _growingSlice) = ([], null);
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
        growing.Bytes + next.TotalBytes > SegmentBytes || (RollAge is { } maxAge && _time.GetElapsedTime(_growingSince) >= maxAge);

    private LogSlice Roll(LogFile file, in RecordBatch first)
    {
        if (_appendedBytes > 0)
        {
            PublishAppended(); // the previous segment ends here
        }

        var next = new LogSlice(new LogRange(file, Address, first.BaseOffset), isSealed: false);
        lock (_gate)
        {
            _growingSlice?.Seal();
            _growingSlice = next;
            _segments = [.. _segments, next];
            _readableBytes = 0;
        }

        _growingSince = _time.GetTimestamp();
        return next;
    }
}
