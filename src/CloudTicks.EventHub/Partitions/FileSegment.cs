using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// One file of whole record batches of one partition, named by its first offset, with its index beside it: what was sorted out of the log,
/// and what earlier releases wrote. It is whole before it has its name, and never grows. Longer than other files, because reading,
/// replacing and deleting the file share one lock and what it guards.
/// </summary>
internal sealed class FileSegment : Segment
{
    private readonly Disk _disk;
    private readonly Lock _gate = new();
    private readonly string _path;
    private volatile DiskFile? _file;
    private volatile bool _gone;
    private volatile bool _pinned;
    private volatile bool _nameTaken;
    private long _lastEntryPosition = -SegmentIndex.IntervalBytes;

    private FileSegment(Disk disk, string folder, long baseOffset)
        : base(baseOffset)
    {
        _disk = disk;
        _path = SegmentFiles.PathOf(folder, baseOffset);
        Index = new SegmentIndex(disk, SegmentFiles.IndexPathOf(folder, baseOffset));
    }

    public override string FilePath => _path;

    private SegmentIndex Index { get; }

    /// <summary>A sealed segment as it lies on disk.</summary>
    /// <param name="nextOffset">The offset behind all that it stands for; null where only it knows, or, without an index, its last
    /// batch.</param>
    public static FileSegment OpenSealed(Disk disk, string folder, long baseOffset, long? nextOffset)
    {
        var segment = new FileSegment(disk, folder, baseOffset);
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

        segment.IsSealed = true;
        return segment;
    }

    /// <summary>
    /// The newest segment of an earlier release, in which it grew: cut to what its last checkpoint has flushed. The log has what was
    /// behind.
    /// </summary>
    public static FileSegment OpenCut(Disk disk, string folder, long baseOffset, long bytes, long nextOffset)
    {
        var segment = new FileSegment(disk, folder, baseOffset);
        segment._file = disk.Open(segment._path);
        if (segment._file.Length > bytes)
        {
            segment._file.Truncate(bytes);
        }

        segment.Rebuild(Math.Min(bytes, segment._file.Length), nextOffset);
        segment.NextOffset = segment.RecordsEnd;
        segment.Seal();
        segment.Flush();
        return segment;
    }

    /// <summary>
    /// Makes a sealed segment of batches, whole and durable before it has its name: a kill or a power cut leaves what was there before, or
    /// all of it. A segment of the same name is replaced; whoever still reads that one has pinned it.
    /// </summary>
    /// <param name="batches">In the order of their offsets; each must stay unchanged until the next one is taken.</param>
    /// <param name="nextOffset">The offset behind all that it stands for: recovery drops what else lies before it.</param>
    public static FileSegment Write(
        Disk disk, string folder, long baseOffset, long nextOffset, IEnumerable<ReadOnlyMemory<byte>> batches)
    {
        disk.CreateFolder(folder);
        var (path, indexPath) = (SegmentFiles.PathOf(folder, baseOffset), SegmentFiles.IndexPathOf(folder, baseOffset));
        var segment = new FileSegment(disk, folder, baseOffset);
        var index = new SegmentIndex(disk, indexPath + SegmentFiles.UnfinishedSuffix);
        using (var file = disk.Open(path + SegmentFiles.UnfinishedSuffix))
        {
            file.Truncate(0);
            foreach (var bytes in batches)
            {
                _ = RecordBatch.TryRead(bytes.Span, out var batch);
                file.Write(segment.Bytes, bytes);
                segment.Took(batch, index);
            }

            file.Flush();
        }

        segment.NextOffset = segment.RecordsEnd = nextOffset;
        index.Add(new IndexEntry(nextOffset, segment.Bytes, segment.MaxTimestamp));
        index.Save(sealing: true);

        // No index is ever beside batches that it does not fit; one that is missing is made again.
        disk.Delete(indexPath);
        disk.FlushFolder(folder);
        disk.Move(path + SegmentFiles.UnfinishedSuffix, path);
        SegmentFiles.FlushNames(disk, folder);
        disk.Move(indexPath + SegmentFiles.UnfinishedSuffix, indexPath);
        segment.Index.HasFile();
        segment.IsSealed = true;
        return segment;
    }

    /// <summary>Another segment is about to get its name: readers keep the file that there is.</summary>
    /// <exception cref="SegmentDeletedException">It was deleted.</exception>
    public void Pin()
    {
        _ = FloorOffset(BaseOffset); // an index that is missing is made again
        lock (_gate)
        {
            if (_gone)
            {
                throw new SegmentDeletedException();
            }

            _file ??= _disk.OpenToRead(_path);
            Index.Hold();
            _pinned = _nameTaken = true;
        }
    }

    /// <summary>No other segment got its name: its files are its own again.</summary>
    public void KeepName() => _nameTaken = false;

    public override IndexEntry? FloorOffset(long offset) => Search(index => index.FloorOffset(offset));

    public override IndexEntry? FloorTime(long timestamp) => Search(index => index.FloorTime(timestamp));

    public override IndexEntry? CeilingPosition(long position) => Search(index => index.CeilingPosition(position));

    public override int Read(long position, Span<byte> into, bool fromDisk, out bool isChecked)
    {
        isChecked = false;
        while (true)
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
                // Sealed and flushed, or replaced, in this moment.
            }

            try
            {
                if (_gone)
                {
                    throw new SegmentDeletedException();
                }

                using var file = _disk.OpenToRead(_path);
                if (!_pinned)
                {
                    return file.Read(position, into);
                }

                if (_file is null)
                {
                    throw new SegmentDeletedException(); // closed after it was pinned; the file may be another segment's
                }
            }
            catch (Exception e) when (_gone && e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new SegmentDeletedException();
            }
        }
    }

    public override void Remove()
    {
        _gone = true;
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            if (!_nameTaken)
            {
                Index.Delete();
                _disk.Delete(_path);
            }
        }
    }

    public override void Abandon()
    {
        _gone = true;
        Dispose();
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Seal()
    {
        Index.Add(new IndexEntry(NextOffset, Bytes, MaxTimestamp));
        IsSealed = true;
    }

    private void Flush()
    {
        _file!.Flush();
        Index.Save(sealing: true);
        _file.Dispose();
        _file = null;
    }

    /// <summary>Searches the index; one that turns out to be damaged is made again from the batches.</summary>
    private IndexEntry? Search(Func<SegmentIndex, IndexEntry?> search)
    {
        while (true)
        {
            var wasPinned = _pinned;
            try
            {
                var found = search(Index);
                if (_pinned == wasPinned)
                {
                    return found;
                }
            }
            catch (Exception e) when (e is IndexDamagedException or FileNotFoundException or DirectoryNotFoundException)
            {
                lock (_gate)
                {
                    if (_gone)
                    {
                        throw new SegmentDeletedException();
                    }

                    if (!_pinned)
                    {
                        Index.Delete();
                        return search(OpenSealed(_disk, Path.GetDirectoryName(_path)!, BaseOffset, NextOffset).Index);
                    }
                }
            }
        }
    }

    private void Took(in RecordBatch batch, SegmentIndex index)
    {
        if (Bytes - _lastEntryPosition >= SegmentIndex.IntervalBytes || batch.BaseOffset != NextOffset)
        {
            index.Add(new IndexEntry(batch.BaseOffset, Bytes, MaxTimestamp));
            _lastEntryPosition = Bytes;
        }

        Bytes += batch.TotalBytes;
        NextOffset = RecordsEnd = batch.NextOffset;
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
    }

    /// <summary>Loads the saved index and reads the headers behind its last entry, from the start where there is none.</summary>
    private void Rebuild(long end, long? nextOffset)
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
            var behind = HeaderAt(Bytes + batch.TotalBytes, end)?.BaseOffset ?? nextOffset ?? batch.NextOffset;

            // Offsets may jump where an earlier recovery found damage, but then those behind go on from there. A jump that
            // they do not follow is itself damage, and is stepped over.
            if (batch.BaseOffset == NextOffset || (batch.BaseOffset > NextOffset && batch.NextOffset == behind))
            {
                Took(batch, Index);
            }
            else
            {
                Bytes += batch.TotalBytes;
                NextOffset = behind;
                _lastEntryPosition = -SegmentIndex.IntervalBytes;
            }
        }

        RecordsEnd = NextOffset;
        Bytes = end;
        NextOffset = nextOffset ?? RecordsEnd;
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
