using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// One file of the log, in which batches live: which stretches of it are still wanted, and how to read them. When nothing of it is wanted
/// and a checkpoint has what else it says, it can go.
/// </summary>
internal sealed class LogFile(Disk disk, string path, long start, TailMemory memory)
{
    private readonly Lock _gate = new();
    private readonly List<LogRange> _stretches = [];
    private volatile DiskFile? _writer;
    private volatile bool _isDeleted;

    /// <summary>Called when a stretch was let go.</summary>
    public Action? Released { get; init; }

    public string Path => path;

    /// <summary>The position of its first record.</summary>
    public long Start => start;

    public string IndexPath { get; } = System.IO.Path.ChangeExtension(path, LogFileIndex.Suffix);

    /// <summary>The position behind its last record, once it takes no more and all that it holds is applied.</summary>
    public long? End { get; private set; }

    /// <summary>True when its index is on the disk.</summary>
    public bool IsIndexed { get; set; }

    public bool IsDeleted => _isDeleted;

    public IReadOnlyList<LogRange> Stretches
    {
        get
        {
            lock (_gate)
            {
                return [.. _stretches];
            }
        }
    }

    /// <summary>Bytes of batches that are wanted.</summary>
    public long LiveBytes => Stretches.Sum(s => s.Bytes + (s.Count * (long)(WalRecord.HeaderBytes + BatchAddress.Bytes)));

    /// <summary>Bytes of batches that were wanted, and are not any more.</summary>
    public long ReleasedBytes { get; private set; }

    /// <summary>Log thread: it grows by this.</summary>
    public DiskFile? Writer
    {
        get => _writer;
        set => _writer = value;
    }

    /// <summary>Log thread: it takes no more.</summary>
    public void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>Apply thread, and at start: all that it holds is applied.</summary>
    public void Seal(long end) => End = end;

    public void Hold(LogRange stretch)
    {
        lock (_gate)
        {
            _stretches.Add(stretch);
        }
    }

    /// <summary>Nobody wants a stretch any more.</summary>
    public void Release(LogRange stretch)
    {
        lock (_gate)
        {
            if (!_stretches.Remove(stretch))
            {
                return;
            }

            ReleasedBytes += stretch.Bytes;
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

    /// <returns>The file, and true when the caller closes it.</returns>
    public (DiskFile File, bool IsCallers) OpenToRead() => _writer is { } open ? (open, false) : (disk.OpenToRead(path), true);

    public DiskFile OpenIndex() => disk.OpenToRead(IndexPath);

    public bool TryReadMemory(int at, Span<byte> into) => memory.TryRead(start + at - WalFiles.HeaderBytes, into);

    /// <summary>Apply thread: keeps a batch for those who read at the end.</summary>
    public void Remember(int at, ReadOnlySpan<byte> batch) => memory.Write(start + at - WalFiles.HeaderBytes, batch);
}
