using System.Buffers;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The batches of one partition in one log file, read as one range of bytes. The positions of the batches are in memory until the file has
/// an index, and are then read from the index; if the index is damaged, they are found in the file and kept in memory again.
/// </summary>
internal sealed class LogRange
{
    private const int BlockEntries = 128;
    private readonly Lock _gate = new();
    private LogRangeEntry[]? _entries = [];
    private int _count;
    private long _indexAt;

    public LogRange(LogFile file, BatchAddress address, long baseOffset)
    {
        (File, Address, BaseOffset, NextOffset) = (file, address, baseOffset, baseOffset);
        file.Add(this);
    }

    /// <summary>At startup: a range whose entries are in the file's index.</summary>
    public LogRange(LogFile file, in LogRangeSummary summary)
        : this(file, summary.Address, summary.BaseOffset)
    {
        (NextOffset, MaxTimestamp, Bytes) = (summary.NextOffset, summary.MaxTimestamp, summary.Bytes);
        (_entries, _count, _indexAt) = (null, summary.Count, summary.IndexAt);
    }

    public LogFile File { get; }

    public BatchAddress Address { get; }

    public long BaseOffset { get; }

    public long NextOffset { get; private set; }

    public long Bytes { get; private set; }

    public int Count => _count;

    /// <summary>The number of entries in memory.</summary>
    public int CountInMemory
    {
        get
        {
            lock (_gate)
            {
                return _entries is null ? 0 : _count;
            }
        }
    }

    /// <summary>The largest timestamp, Unix milliseconds; long.MinValue for an empty range.</summary>
    public long MaxTimestamp { get; private set; } = long.MinValue;

    /// <summary>Adds the next batch.</summary>
    /// <param name="at">Where the batch begins in the file.</param>
    public void Add(in RecordBatch batch, int at)
    {
        lock (_gate)
        {
            Append(batch.BaseOffset, at);
            Bytes += batch.TotalBytes;
            NextOffset = batch.NextOffset;
            MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
        }
    }

    /// <summary>The last entry that matches; null when there is none. Matching entries must precede all others.</summary>
    public LogRangeEntry? Last(Func<LogRangeEntry, bool> matches) =>
        ReadEntries((at, count) => Boundary(at, count, matches) is > 0 and var boundary ? at(boundary - 1) : (LogRangeEntry?)null);

    /// <summary>The first entry that does not match; null when all match. Matching entries must precede all others.</summary>
    public LogRangeEntry? FirstNonMatching(Func<LogRangeEntry, bool> matches) =>
        ReadEntries((at, count) => Boundary(at, count, matches) is var boundary && boundary < count ? at(boundary) : (LogRangeEntry?)null);

    /// <summary>Reads bytes of the range.</summary>
    /// <param name="fromDisk">True to bypass the batches in memory.</param>
    /// <param name="isChecked">True when all bytes came from memory, where they were verified before.</param>
    /// <returns>Bytes read; fewer only at the end, or when the file was truncated.</returns>
    public int Read(long position, Span<byte> into, bool fromDisk, out bool isChecked)
    {
        isChecked = !fromDisk;
        var copiedBytes = 0;
        using var reader = new LogFileReader(File);
        foreach (var (at, bytes) in Pieces(position, into.Length))
        {
            var piece = into.Slice(copiedBytes, bytes);
            if (fromDisk || !File.TryReadMemory(at, piece))
            {
                isChecked = false;
                var read = reader.Read(at, piece);
                if (read < bytes)
                {
                    return copiedBytes + read;
                }
            }

            copiedBytes += bytes;
        }

        return copiedBytes;
    }

    /// <summary>The entries in the format of the index; empty when the index exists.</summary>
    public byte[] ToIndex()
    {
        lock (_gate)
        {
            var bytes = new byte[_entries is null ? 0 : _count * LogRangeEntry.Bytes];
            for (var i = 0; i < bytes.Length / LogRangeEntry.Bytes; i++)
            {
                _entries![i].Write(bytes.AsSpan(i * LogRangeEntry.Bytes));
            }

            return bytes;
        }
    }

    /// <summary>Releases the entries in memory, because the index contains them.</summary>
    public void MarkIndexed(long indexAt)
    {
        lock (_gate)
        {
            _indexAt = indexAt;
            if (_entries is { Length: > 0 } entries)
            {
                ArrayPool<LogRangeEntry>.Shared.Return(entries);
            }

            _entries = null;
        }
    }

    private List<(int At, int Bytes)> Pieces(long from, int bytes) => ReadEntries((at, count) =>
    {
        var pieces = new List<(int, int)>(4);
        var (position, end) = (from, Math.Min(from + bytes, Bytes));
        var i = Math.Max(Boundary(at, count, entry => entry.Position <= position) - 1, 0);
        for (var next = i < count ? at(i) : default; i < count && position < end; i++)
        {
            var entry = next;
            next = i + 1 < count ? at(i + 1) : new LogRangeEntry(0, 0, (int)Bytes, 0);
            var pieceEnd = Math.Min(next.Position, end);
            pieces.Add((entry.At + (int)(position - entry.Position), (int)(pieceEnd - position)));
            position = pieceEnd;
        }

        return pieces;
    });

    private void Append(long offset, int at)
    {
        if (_count == _entries!.Length)
        {
            var larger = ArrayPool<LogRangeEntry>.Shared.Rent(Math.Max(2 * _count, 16));
            _entries.AsSpan(0, _count).CopyTo(larger);
            if (_count > 0)
            {
                ArrayPool<LogRangeEntry>.Shared.Return(_entries);
            }

            _entries = larger;
        }

        _entries[_count++] = new LogRangeEntry(offset, MaxTimestamp, (int)Bytes, at);
    }

    private T ReadEntries<T>(Func<Func<int, LogRangeEntry>, int, T> use)
    {
        lock (_gate)
        {
            if (_entries is { } entries)
            {
                return use(i => entries[i], _count);
            }
        }

        try
        {
            using var index = File.OpenIndex();
            var block = new byte[BlockEntries * LogRangeEntry.Bytes];
            var first = -1;
            return use(i =>
            {
                if (i / BlockEntries != first)
                {
                    first = i / BlockEntries;
                    index.Read(_indexAt + ((long)first * block.Length), block);
                }

                return LogRangeEntry.Read(block.AsSpan(i % BlockEntries * LogRangeEntry.Bytes));
            }, _count);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException && !File.IsDeleted)
        {
            Rebuild();
            return ReadEntries(use);
        }
    }

    private void Rebuild()
    {
        var content = new LogFileContent(File, next: null, acknowledged: 0);
        lock (_gate)
        {
            if (_entries is not null)
            {
                return;
            }

            var expected = BaseOffset;
            (_entries, _count, Bytes, MaxTimestamp) = ([], 0, 0, long.MinValue);
            foreach (var found in content.Batches())
            {
                if (found.Address == Address && found.Batch.BaseOffset >= expected && found.Batch.NextOffset <= NextOffset)
                {
                    AddHole(expected, found.Batch.BaseOffset);
                    Append(found.Batch.BaseOffset, found.At);
                    Bytes += found.Batch.TotalBytes;
                    MaxTimestamp = Math.Max(MaxTimestamp, found.Batch.MaxTimestamp);
                    expected = found.Batch.NextOffset;
                }
            }

            AddHole(expected, NextOffset);
        }
    }

    /// <summary>Adds an entry of one byte, which cannot be a batch, for missing offsets, so that a reader reports them.</summary>
    private void AddHole(long from, long to)
    {
        if (from < to)
        {
            Append(from, at: 0);
            Bytes++;
        }
    }

    private static int Boundary(Func<int, LogRangeEntry> at, int count, Func<LogRangeEntry, bool> matches)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (matches(at(middle)))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
