using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>A segment within a file of the write-ahead log, where its batches were first written. Every batch is indexed.</summary>
internal sealed class LogSlice : Segment
{
    private readonly LogRange _stretch;
    private volatile bool _gone;

    public LogSlice(LogRange stretch, bool isSealed)
        : base(stretch.BaseOffset)
    {
        _stretch = stretch;
        IsSealed = isSealed;
        TakeBounds();
    }

    public LogFile File => _stretch.File;

    public override string FilePath => File.Path;

    /// <summary>Apply thread: adds the next batch.</summary>
    public void Add(in RecordBatch batch, int at)
    {
        _stretch.Add(batch, at);
        TakeBounds();
    }

    /// <summary>Apply thread: the segment is complete.</summary>
    public void Seal() => IsSealed = true;

    public override IndexEntry? FloorOffset(long offset) =>
        Find(s => s.Last(entry => entry.Offset <= offset) ?? s.FirstNot(static _ => false));

    public override IndexEntry? FloorTime(long timestamp) =>
        Find(s => s.Last(entry => entry.MaxTimestampBefore < timestamp) ?? s.FirstNot(static _ => false));

    public override IndexEntry? CeilingPosition(long position) => Find(s => s.FirstNot(entry => entry.Position < position));

    public override int Read(long position, Span<byte> into, bool fromDisk, out bool isChecked)
    {
        try
        {
            var read = _stretch.Read(position, into, fromDisk, out isChecked);
            if (IsSealed && Bytes != _stretch.Bytes)
            {
                TakeBounds(); // a damaged index was rebuilt
            }

            return read;
        }
        catch (Exception e) when (IsGone(e))
        {
            throw new SegmentDeletedException();
        }
    }

    public override void Remove()
    {
        _gone = true;
        File.Release(_stretch);
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
            return find(_stretch) is { } entry ? new IndexEntry(entry.Offset, entry.Position, entry.MaxTimestampBefore) : null;
        }
        catch (Exception e) when (IsGone(e))
        {
            throw new SegmentDeletedException();
        }
    }

    private bool IsGone(Exception failure) => (_gone || File.IsDeleted) && failure is FileNotFoundException or DirectoryNotFoundException;

    private void TakeBounds() =>
        (Bytes, NextOffset, RecordsEnd, MaxTimestamp) = (_stretch.Bytes, _stretch.NextOffset, _stretch.NextOffset, _stretch.MaxTimestamp);
}
