using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// One append-only file of whole record batches, named by its first offset, with its index beside it. The newest segment of a
/// partition grows; the others are sealed. Its file stays open while it grows or has bytes that no checkpoint has flushed.
/// </summary>
internal sealed class Segment : IDisposable
{
    private readonly Disk _disk;
    private readonly Lock _gate = new();
    private readonly string _path;
    private volatile DiskFile? _file;
    private volatile bool _gone;
    private long _lastEntryPosition = -SegmentIndex.IntervalBytes;
    private bool _sealed;

    private Segment(Disk disk, string folder, long baseOffset)
    {
        _disk = disk;
        BaseOffset = NextOffset = baseOffset;
        _path = SegmentFiles.PathOf(folder, baseOffset);
        Index = new SegmentIndex(disk, SegmentFiles.IndexPathOf(folder, baseOffset));
    }

    public long BaseOffset { get; }

    public string FilePath => _path;

    private SegmentIndex Index { get; }

    public long Bytes { get; private set; }

    /// <summary>The offset behind the last record.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The offset behind the last record in the file; behind lost records <see cref="NextOffset"/> is further on.</summary>
    public long RecordsEnd { get; private set; }

    /// <summary>The largest timestamp in it, Unix milliseconds; the least long when it is empty.</summary>
    public long MaxTimestamp { get; private set; } = long.MinValue;

    public static Segment Create(Disk disk, string folder, long baseOffset)
    {
        var segment = new Segment(disk, folder, baseOffset);
        segment._file = disk.Open(segment._path);
        segment._file.Truncate(0);
        return segment;
    }

    /// <summary>A sealed segment as it lies on disk.</summary>
    public static Segment OpenSealed(Disk disk, string folder, long baseOffset, long nextOffset)
    {
        var segment = new Segment(disk, folder, baseOffset);
        var bytes = new FileInfo(segment._path).Length;
        if (segment.Index.TryLoadSealed(bytes, out var end))
        {
            segment.Bytes = bytes;
            segment.NextOffset = segment.RecordsEnd = end.Offset;
            segment.MaxTimestamp = end.MaxTimestampBefore;
        }
        else
        {
            segment._file = disk.Open(segment._path);
            segment.Rebuild(bytes, nextOffset);
            segment.Seal();
            segment.Flush();
        }

        segment._sealed = true;
        return segment;
    }

    /// <summary>A segment with bytes that no checkpoint has flushed, cut to what is whole.</summary>
    public static Segment OpenUnflushed(Disk disk, string folder, long baseOffset, long bytes, long nextOffset, bool growing)
    {
        var segment = new Segment(disk, folder, baseOffset);
        segment._file = disk.Open(segment._path);
        if (segment._file.Length > bytes)
        {
            segment._file.Truncate(bytes);
        }

        segment.Rebuild(bytes, nextOffset);
        if (!growing)
        {
            segment.Seal();
        }

        return segment;
    }

    /// <summary>Writes batches behind the last one. Nothing changes when the write fails.</summary>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> batches)
    {
        _file!.Write(Bytes, batches);
        foreach (var bytes in batches)
        {
            _ = RecordBatch.TryRead(bytes.Span, out var batch);
            Took(batch);
        }
    }

    /// <summary>No more will be appended.</summary>
    public void Seal()
    {
        Index.Add(new IndexEntry(NextOffset, Bytes, MaxTimestamp));
        _sealed = true;
    }

    /// <inheritdoc cref="SegmentIndex.FloorOffset"/>
    public IndexEntry? FloorOffset(long offset) => Search(index => index.FloorOffset(offset));

    /// <inheritdoc cref="SegmentIndex.FloorTime"/>
    public IndexEntry? FloorTime(long timestamp) => Search(index => index.FloorTime(timestamp));

    /// <inheritdoc cref="SegmentIndex.CeilingPosition"/>
    public IndexEntry? CeilingPosition(long position) => Search(index => index.CeilingPosition(position));

    /// <summary>Makes everything appended so far durable, the index with it; a sealed segment then closes its file.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_file is null)
            {
                return;
            }

            var sealing = _sealed;
            _file.Flush();
            Index.Save(sealing);
            if (sealing)
            {
                _file.Dispose();
                _file = null;
            }
        }
    }

    /// <returns>Bytes read; fewer only at the file's end.</returns>
    public int Read(long position, Span<byte> into)
    {
        try
        {
            if (_file is { } open)
            {
                return open.Read(position, into);
            }
        }
        catch (ObjectDisposedException)
        {
            // Sealed and flushed in this moment: read it like any other sealed segment.
        }

        try
        {
            using var file = _disk.OpenToRead(_path);
            return file.Read(position, into);
        }
        catch (Exception e) when (_gone && e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegmentGoneException();
        }
    }

    /// <summary>The time of its newest record, Unix milliseconds, as far as records can be believed.</summary>
    /// <remarks>
    /// A timestamp that lies in the future, or none, says nothing about the age: the time of the last write then stands for it, so that
    /// one wrong timestamp does not keep a segment for ever.
    /// </remarks>
    public long NewestTime(long now) =>
        MaxTimestamp >= 0 && MaxTimestamp <= now
            ? MaxTimestamp
            : new DateTimeOffset(File.GetLastWriteTimeUtc(_path)).ToUnixTimeMilliseconds();

    /// <summary>The largest timestamp of the first batch, Unix milliseconds; null when there is none.</summary>
    public long? FirstTime() => HeaderAt(0, Bytes)?.MaxTimestamp;

    /// <summary>
    /// Deletes its files. A read that has them open goes on to its end; one that would open them later meets a
    /// <see cref="SegmentGoneException"/>.
    /// </summary>
    public void Remove()
    {
        _gone = true;
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            Index.Delete();
            _disk.Delete(_path);
        }
    }

    /// <summary>Its folder is about to be deleted.</summary>
    public void Abandon()
    {
        _gone = true;
        Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>Searches the index; one that turns out to be damaged is made again from the batches.</summary>
    private IndexEntry? Search(Func<SegmentIndex, IndexEntry?> search)
    {
        try
        {
            return search(Index);
        }
        catch (Exception e) when (e is IndexDamagedException or FileNotFoundException or DirectoryNotFoundException)
        {
            lock (_gate)
            {
                if (_gone)
                {
                    throw new SegmentGoneException();
                }

                Index.Delete();
                return search(OpenSealed(_disk, Path.GetDirectoryName(_path)!, BaseOffset, NextOffset).Index);
            }
        }
    }

    private void Took(in RecordBatch batch)
    {
        if (Bytes - _lastEntryPosition >= SegmentIndex.IntervalBytes || batch.BaseOffset != NextOffset)
        {
            Index.Add(new IndexEntry(batch.BaseOffset, Bytes, MaxTimestamp));
            _lastEntryPosition = Bytes;
        }

        Bytes += batch.TotalBytes;
        NextOffset = RecordsEnd = batch.NextOffset;
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
    }

    /// <summary>Loads the saved index and reads the headers behind its last entry, from the start where there is none.</summary>
    private void Rebuild(long end, long nextOffset)
    {
        Index.LoadGrowing(end);
        if (Index.FloorOffset(long.MaxValue) is { } last)
        {
            Bytes = _lastEntryPosition = last.Position;
            NextOffset = last.Offset;
            MaxTimestamp = last.MaxTimestampBefore;
        }

        while (HeaderAt(Bytes, end) is { } batch)
        {
            var behind = HeaderAt(Bytes + batch.TotalBytes, end)?.BaseOffset ?? nextOffset;

            // Offsets may jump where an earlier recovery found damage, but then those behind go on from there. A jump that
            // they do not follow is itself damage, and is stepped over.
            if (batch.BaseOffset == NextOffset || (batch.BaseOffset > NextOffset && batch.NextOffset == behind))
            {
                Took(batch);
            }
            else
            {
                Bytes += batch.TotalBytes;
                NextOffset = behind;
                _lastEntryPosition = -SegmentIndex.IntervalBytes;
            }
        }

        if (Bytes < end || NextOffset < nextOffset)
        {
            _lastEntryPosition = -SegmentIndex.IntervalBytes; // what is appended behind damage, or a hole in the offsets, is to be found
        }

        RecordsEnd = NextOffset;
        Bytes = end;
        NextOffset = nextOffset;
    }

    private RecordBatch? HeaderAt(long position, long end)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        return position + header.Length <= end && Read(position, header) == header.Length && RecordBatch.TryRead(header, out var batch)
            && batch.Magic == 2 && batch.LastOffsetDelta >= 0 && batch.TotalBytes >= RecordBatch.HeaderBytes
            && position + batch.TotalBytes <= end
            ? batch
            : null;
    }
}
