using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// The sparse offset and time index of one segment. While the segment grows it is a list in memory, saved at checkpoints;
/// of a sealed segment only the file remains, and a look-up reads a few entries of it. It can always be rebuilt.
/// </summary>
internal sealed class SegmentIndex(Disk disk, string path)
{
    /// <summary>A batch gets an entry when this many bytes lie between it and the last entry.</summary>
    public const int IntervalBytes = 32 * 1024;

    private readonly Lock _gate = new();
    private List<IndexEntry>? _entries = [];
    private int _saved;

    /// <summary>Takes an entry; offsets and positions grow.</summary>
    public void Add(IndexEntry entry)
    {
        lock (_gate)
        {
            _entries!.Add(entry);
        }
    }

    /// <summary>The last entry at or below an offset; the first one when there is none.</summary>
    public IndexEntry? FloorOffset(long offset) => Last(entry => entry.Offset <= offset);

    /// <summary>The last entry before which every timestamp is smaller.</summary>
    public IndexEntry? FloorTime(long timestamp) => Last(entry => entry.MaxTimestampBefore < timestamp);

    /// <summary>The first entry at or behind a position.</summary>
    public IndexEntry? CeilingPosition(long position)
    {
        IndexEntry? found = null;
        Search((entry, isLast) => entry.Position < position, (_, above) => found = above);
        return found;
    }

    /// <summary>Writes the entries that are not in the file yet and flushes it.</summary>
    /// <param name="sealing">True when no more will come: the list in memory is let go.</param>
    public void Save(bool sealing)
    {
        IndexEntry[] fresh;
        int saved;
        lock (_gate)
        {
            if (_entries is null)
            {
                return;
            }

            saved = _saved;
            fresh = [.. _entries.Skip(saved)];
        }

        using (var file = disk.Open(path))
        {
            var bytes = new byte[fresh.Length * IndexEntry.Bytes];
            for (var i = 0; i < fresh.Length; i++)
            {
                fresh[i].Write(bytes.AsSpan(i * IndexEntry.Bytes));
            }

            file.Truncate((long)saved * IndexEntry.Bytes);
            file.Write((long)saved * IndexEntry.Bytes, bytes);
            file.Flush();
        }

        lock (_gate)
        {
            _saved = saved + fresh.Length;
            if (sealing)
            {
                _entries = null;
            }
        }
    }

    /// <summary>Reads the saved entries of a segment that goes on growing, as far as they are whole and lie before its end.</summary>
    public void LoadGrowing(long segmentBytes)
    {
        using var file = disk.Open(path);
        lock (_gate)
        {
            var entries = _entries = [];
            foreach (var entry in ReadWhole(file))
            {
                if (entry.Position >= segmentBytes || (entries.Count > 0 && entry.Position <= entries[^1].Position))
                {
                    break;
                }

                entries.Add(entry);
            }

            _saved = entries.Count;
            if (file.Length > _saved * IndexEntry.Bytes)
            {
                file.Truncate(_saved * IndexEntry.Bytes); // what it says of bytes that were cut off is not true of those that follow
            }
        }
    }

    /// <summary>True when the file of a sealed segment is whole.</summary>
    public bool TryLoadSealed(long segmentBytes, out IndexEntry end)
    {
        var found = ReadEnd(disk, path, segmentBytes);
        end = found ?? default;
        if (found is null)
        {
            return false;
        }

        HasFile();
        return true;
    }

    /// <summary>The last entry, when the file is that of a sealed segment and whole: it lies at the segment's end.</summary>
    public static IndexEntry? ReadEnd(Disk disk, string path, long segmentBytes)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = disk.OpenToRead(path);
        Span<byte> last = stackalloc byte[IndexEntry.Bytes];
        var count = file.Length / IndexEntry.Bytes;
        return count > 0 && file.Read((count - 1) * IndexEntry.Bytes, last) == IndexEntry.Bytes && IndexEntry.TryRead(last, out var end)
            && end.Position == segmentBytes
            ? end
            : null;
    }

    /// <summary>All entries are in the file: the list in memory is let go.</summary>
    public void HasFile()
    {
        lock (_gate)
        {
            _entries = null;
        }
    }

    /// <summary>Takes all entries into memory: another file is about to get this one's name.</summary>
    public void Hold()
    {
        using var file = disk.OpenToRead(path);
        List<IndexEntry> entries = [.. ReadWhole(file)];
        lock (_gate)
        {
            _entries = entries;
        }
    }

    public void Delete() => disk.Delete(path);

    /// <summary>The entries of a file, up to the first that is not whole.</summary>
    private static IEnumerable<IndexEntry> ReadWhole(DiskFile file)
    {
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        for (var at = 0; IndexEntry.TryRead(bytes.AsSpan(at), out var entry); at += IndexEntry.Bytes)
        {
            yield return entry;
        }
    }

    private IndexEntry? Last(Func<IndexEntry, bool> holds)
    {
        IndexEntry? found = null;
        Search((entry, isFirst) => isFirst || holds(entry), (below, _) => found = below);
        return found;
    }

    /// <summary>Finds the border between the entries that hold and those that do not.</summary>
    private void Search(Func<IndexEntry, bool, bool> holds, Action<IndexEntry?, IndexEntry?> border)
    {
        lock (_gate)
        {
            if (_entries is { } entries)
            {
                Search(entries.Count, i => entries[i], holds, border);
                return;
            }
        }

        using var file = disk.OpenToRead(path);
        Search((int)(file.Length / IndexEntry.Bytes), i => ReadEntry(file, i), holds, border);
    }

    private static void Search(
        int count, Func<int, IndexEntry> at, Func<IndexEntry, bool, bool> holds, Action<IndexEntry?, IndexEntry?> border)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(at(middle), middle == 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        border(low > 0 ? at(low - 1) : null, low < count ? at(low) : null);
    }

    private IndexEntry ReadEntry(DiskFile file, int index)
    {
        Span<byte> bytes = stackalloc byte[IndexEntry.Bytes];
        return file.Read((long)index * IndexEntry.Bytes, bytes) == IndexEntry.Bytes && IndexEntry.TryRead(bytes, out var entry)
            ? entry
            : throw new IndexDamagedException($"{path} is damaged at entry {index}");
    }
}
