using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// The sparse offset and time index of one segment. The index of a segment that is being written is a list in memory. The index of
/// a sealed segment is on disk, and a lookup reads a few entries. An index can always be rebuilt from its segment.
/// </summary>
internal sealed class SegmentIndex(Disk disk, string path)
{
    /// <summary>The distance in bytes after which the next batch is indexed. A batch after missing offsets is always indexed.</summary>
    public const int IntervalBytes = 32 * 1024;

    private readonly Lock _gate = new();
    private List<IndexEntry>? _entries = [];
    private int _savedCount;

    /// <summary>Adds an entry; offsets and positions must increase.</summary>
    public void Add(IndexEntry entry)
    {
        lock (_gate)
        {
            _entries!.Add(entry);
        }
    }

    /// <summary>The last entry at or below an offset; the first entry when there is none.</summary>
    public IndexEntry? FloorOffset(long offset) => Last(entry => entry.Offset <= offset);

    /// <summary>The last entry before which every timestamp is smaller than the given one.</summary>
    public IndexEntry? FloorTime(long timestamp) => Last(entry => entry.MaxTimestampBefore < timestamp);

    /// <summary>The first entry at or after a position.</summary>
    public IndexEntry? CeilingPosition(long position)
    {
        IndexEntry? found = null;
        Search((entry, _) => entry.Position < position, (_, above) => found = above);
        return found;
    }

    /// <summary>Appends the unsaved entries to the file and flushes it.</summary>
    /// <param name="sealing">True when the index is complete: the list in memory is then released.</param>
    public void Save(bool sealing)
    {
        IndexEntry[] unsaved;
        int saved;
        lock (_gate)
        {
            if (_entries is null)
            {
                return;
            }

            saved = _savedCount;
            unsaved = [.. _entries.Skip(saved)];
        }

        using (var file = disk.Open(path))
        {
            var bytes = new byte[unsaved.Length * IndexEntry.Bytes];
            for (var i = 0; i < unsaved.Length; i++)
            {
                unsaved[i].Write(bytes.AsSpan(i * IndexEntry.Bytes));
            }

            file.Truncate((long)saved * IndexEntry.Bytes);
            file.Write((long)saved * IndexEntry.Bytes, bytes);
            file.Flush();
        }

        lock (_gate)
        {
            _savedCount = saved + unsaved.Length;
            if (sealing)
            {
                _entries = null;
            }
        }
    }

    /// <summary>Loads the saved entries of an incomplete index, up to the first damaged entry or the segment's end.</summary>
    public void LoadIncomplete(long segmentBytes)
    {
        using var file = disk.Open(path);
        lock (_gate)
        {
            var entries = _entries = [];
            foreach (var entry in ReadIntact(file))
            {
                if (entry.Position >= segmentBytes || (entries.Count > 0 && entry.Position <= entries[^1].Position))
                {
                    break;
                }

                entries.Add(entry);
            }

            _savedCount = entries.Count;
            if (file.Length > _savedCount * IndexEntry.Bytes)
            {
                file.Truncate(_savedCount * IndexEntry.Bytes); // the removed entries are damaged, or belong to truncated bytes
            }
        }
    }

    /// <summary>Verifies the index file of a sealed segment and releases the list in memory; false when the file is not intact.</summary>
    public bool TryLoadSealed(long segmentBytes, out IndexEntry end)
    {
        var found = ReadEnd(disk, path, segmentBytes);
        end = found ?? default;
        if (found is null)
        {
            return false;
        }

        ReleaseMemory();
        return true;
    }

    /// <summary>
    /// Returns the last entry, which is at the segment's end; null unless the file is the intact index of a sealed segment.
    /// </summary>
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

    /// <summary>Releases the list in memory, because the file contains all entries.</summary>
    public void ReleaseMemory()
    {
        lock (_gate)
        {
            _entries = null;
        }
    }

    /// <summary>Loads all entries into memory, because another file is about to replace the index file.</summary>
    public void LoadIntoMemory()
    {
        using var file = disk.OpenToRead(path);
        List<IndexEntry> entries = [.. ReadIntact(file)];
        lock (_gate)
        {
            _entries = entries;
        }
    }

    public void Delete() => disk.Delete(path);

    /// <summary>Reads the entries of a file up to the first damaged entry.</summary>
    private static IEnumerable<IndexEntry> ReadIntact(DiskFile file)
    {
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        for (var at = 0; IndexEntry.TryRead(bytes.AsSpan(at), out var entry); at += IndexEntry.Bytes)
        {
            yield return entry;
        }
    }

    private IndexEntry? Last(Func<IndexEntry, bool> matches)
    {
        IndexEntry? found = null;
        Search((entry, isFirst) => isFirst || matches(entry), (below, _) => found = below);
        return found;
    }

    /// <summary>Finds the boundary between entries that match and those that do not.</summary>
    private void Search(Func<IndexEntry, bool, bool> matches, Action<IndexEntry?, IndexEntry?> boundary)
    {
        lock (_gate)
        {
            if (_entries is { } entries)
            {
                Search(entries.Count, i => entries[i], matches, boundary);
                return;
            }
        }

        using var file = disk.OpenToRead(path);
        Search((int)(file.Length / IndexEntry.Bytes), i => ReadEntry(file, i), matches, boundary);
    }

    private static void Search(
        int count, Func<int, IndexEntry> at, Func<IndexEntry, bool, bool> matches, Action<IndexEntry?, IndexEntry?> boundary)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (matches(at(middle), middle == 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        boundary(low > 0 ? at(low - 1) : null, low < count ? at(low) : null);
    }

    private IndexEntry ReadEntry(DiskFile file, int index)
    {
        Span<byte> bytes = stackalloc byte[IndexEntry.Bytes];
        return file.Read((long)index * IndexEntry.Bytes, bytes) == IndexEntry.Bytes && IndexEntry.TryRead(bytes, out var entry)
            ? entry
            : throw new IndexDamagedException($"{path} is damaged at entry {index}");
    }
}
