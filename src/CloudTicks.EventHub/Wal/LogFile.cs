using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// One file of the log, which contains batches and metadata records. The object tracks which ranges of batches are still used. A file
/// without used ranges, unless it is the newest, is deleted once a checkpoint covers its metadata records.
/// </summary>
internal sealed class LogFile(Disk disk, string path, long start, TailMemory memory)
{
    private readonly Lock _gate = new();
    private readonly List<LogRange> _ranges = [];
    private volatile DiskFile? _writer;
    private volatile bool _isDeleted;

    /// <summary>Called when a range is released.</summary>
    public Action? Released { get; init; }

    public string Path => path;

    /// <summary>The position of its first record.</summary>
    public long Start => start;

    public string IndexPath { get; } = System.IO.Path.ChangeExtension(path, LogFileIndex.Suffix);

    /// <summary>The position after its last record, once the file is complete and applied.</summary>
    public long? End { get; private set; }

    /// <summary>True when its index is on disk.</summary>
    public bool IsIndexed { get; set; }

    public bool IsDeleted => _isDeleted;

    public IReadOnlyList<LogRange> Ranges
    {
        get
        {
            lock (_gate)
            {
                return [.. _ranges];
            }
        }
    }

    /// <summary>Bytes of batches that are still used, with the headers of their records.</summary>
    public long LiveBytes => Ranges.Sum(s => s.Bytes + (s.Count * (long)(WalRecord.HeaderBytes + BatchAddress.Bytes)));

    /// <summary>Bytes of batches that are no longer used.</summary>
    public long ReleasedBytes { get; private set; }

    /// <summary>Log thread: the open file while it grows.</summary>
    public DiskFile? Writer
    {
        get => _writer;
        set => _writer = value;
    }

    /// <summary>Log thread, and the end of the log: closes the file for writing.</summary>
    public void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>Apply thread, and at startup: sets the end of the file, because everything in it is applied.</summary>
    public void Seal(long end) => End = end;

    public void Add(LogRange range)
    {
        lock (_gate)
        {
            _ranges.Add(range);
        }
    }

    /// <summary>Releases a range that is no longer used.</summary>
    public void Release(LogRange range)
    {
        lock (_gate)
        {
            if (!_ranges.Remove(range))
            {
                return;
            }

            ReleasedBytes += range.Bytes;
        }

        Released?.Invoke();
    }

    public void Delete()
    {
        _isDeleted = true;
        _writer?.Dispose();
        disk.Delete(IndexPath);
        disk.Delete(path);
    }

    /// <returns>The file, and true when the caller must close it.</returns>
    public (DiskFile File, bool IsOwned) OpenToRead() => _writer is { } open ? (open, false) : (disk.OpenToRead(path), true);

    public DiskFile OpenIndex() => disk.OpenToRead(IndexPath);

    public bool TryReadMemory(int at, Span<byte> into) => memory.TryRead(start + at - WalFiles.HeaderBytes, into);

    /// <summary>Apply thread: keeps a batch in memory for readers at the end of the log.</summary>
    public void CacheBatch(int at, ReadOnlySpan<byte> batch) => memory.Write(start + at - WalFiles.HeaderBytes, batch);
}
