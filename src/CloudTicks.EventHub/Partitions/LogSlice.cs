using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>A segment within a file of the write-ahead log, where its batches were first written. Every batch is indexed.</summary>
internal sealed class LogSlice : Segment
{
    private readonly LogRange _range;
    private volatile bool _isRemoved;

    public LogSlice(LogRange range, bool isSealed)
        : base(range.BaseOffset)
    {
        _range = range;
        IsSealed = isSealed;
        UpdateBounds();
    }

    public LogFile File => _range.File;

    public override string FilePath => File.Path;

    /// <summary>Apply thread: adds the next batch.</summary>
    public void Add(in RecordBatch batch, int at)
    {
        _range.Add(batch, at);
        UpdateBounds();
    }

    /// <summary>Apply thread: marks the segment as complete.</summary>
    public void Seal() => IsSealed = true;

    public override IndexEntry? FloorOffset(long offset) =>
        Find(s => s.Last(entry => entry.Offset <= offset) ?? s.FirstNonMatching(static _ => false));

    public override IndexEntry? FloorTime(long timestamp) =>
        Find(s => s.Last(entry => entry.MaxTimestampBefore < timestamp) ?? s.FirstNonMatching(static _ => false));

    public override IndexEntry? CeilingPosition(long position) => Find(s => s.FirstNonMatching(entry => entry.Position < position));

    public override int Read(long position, Span<byte> into, bool fromDisk, out bool isChecked)
    {
        try
        {
            var read = _range.Read(position, into, fromDisk, out isChecked);
            if (IsSealed && Bytes != _range.Bytes)
            {
                UpdateBounds(); // a damaged index was rebuilt
            }

            return read;
        }
        catch (Exception e) when (IsDeletion(e))
        {
            throw new SegmentDeletedException();
        }
    }

    public override void Remove()
    {
        _isRemoved = true;
        File.Release(_range);
    }

    public override void Abandon() => Remove();

    public override void Dispose()
    {
        // The log owns the file.
    }

    private IndexEntry? Find(Func<LogRange, LogRangeEntry?> find)
    {
        try
        {
            return find(_range) is { } entry ? new IndexEntry(entry.Offset, entry.Position, entry.MaxTimestampBefore) : null;
        }
        catch (Exception e) when (IsDeletion(e))
        {
            throw new SegmentDeletedException();
        }
    }

    private bool IsDeletion(Exception failure) =>
        (_isRemoved || File.IsDeleted) && failure is FileNotFoundException or DirectoryNotFoundException;

    private void UpdateBounds() =>
        (Bytes, NextOffset, RecordsEnd, MaxTimestamp) = (_range.Bytes, _range.NextOffset, _range.NextOffset, _range.MaxTimestamp);
}
