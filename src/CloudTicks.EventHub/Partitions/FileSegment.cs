using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// A segment in its own file, named after its first offset, with its index in a second file. It contains records that were moved out of the
/// log, or that an earlier release wrote. The file is complete before it gets its name, and never grows. The class is long because reading,
/// replacing and deleting the file share one lock.
/// </summary>
internal sealed class FileSegment : Segment
{
    private readonly Disk _disk;
    private readonly Lock _gate = new();
    private readonly string _path;
    private volatile DiskFile? _file;
    private volatile bool _isRemoved;
    private volatile bool _pinned;
    private volatile bool _isNameReused;
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

    /// <summary>Opens a sealed segment.</summary>
    /// <param name="nextOffset">
    /// The offset after the range that the segment covers; null to read this offset from the index, or from the last batch when there is no
    /// index.
    /// </param>
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
    /// Opens the segment that an earlier release was writing, truncated to the flushed length in its last checkpoint. The log contains the
    /// later batches.
    /// </summary>
    public static FileSegment OpenTruncated(Disk disk, string folder, long baseOffset, long bytes, long nextOffset)
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
    /// Writes a sealed segment, complete and durable before it gets its name: after a crash or a power cut either the old state or the
    /// complete new segment exists. An existing segment with the same name is replaced; it must have been pinned, so that its readers can
    /// continue.
    /// </summary>
    /// <param name="batches">The batches in the order of their offsets; each must stay unchanged until the next is read.</param>
    /// <param name="nextOffset">
    /// The offset after the range that the segment covers; recovery ignores other copies of records in this range.
    /// </param>
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
                segment.Add(batch, index);
            }

            file.Flush();
        }

        segment.NextOffset = segment.RecordsEnd = nextOffset;
        index.Add(new IndexEntry(nextOffset, segment.Bytes, segment.MaxTimestamp));
        index.Save(sealing: true);

        // An index must never exist together with batches that it does not match. A missing index is rebuilt.
        disk.Delete(indexPath);
        disk.FlushFolder(folder);
        disk.Move(path + SegmentFiles.UnfinishedSuffix, path);
        SegmentFiles.FlushNames(disk, folder);
        disk.Move(indexPath + SegmentFiles.UnfinishedSuffix, indexPath);
        segment.Index.ReleaseMemory();
        segment.IsSealed = true;
        return segment;
    }

    /// <summary>Keeps the current file open for readers, because another segment is about to replace it.</summary>
    /// <exception cref="SegmentDeletedException">The segment was deleted.</exception>
    public void Pin()
    {
        _ = FloorOffset(BaseOffset); // rebuilds a missing index
        lock (_gate)
        {
            if (_isRemoved)
            {
                throw new SegmentDeletedException();
            }

            _file ??= _disk.OpenToRead(_path);
            Index.LoadIntoMemory();
            _pinned = _isNameReused = true;
        }
    }

    /// <summary>Called when the replacement has failed: this segment owns the files again.</summary>
    public void CancelReplacement() => _isNameReused = false;

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
                // The file was closed concurrently: sealed and flushed, or replaced.
            }

            try
            {
                if (_isRemoved)
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
                    throw new SegmentDeletedException(); // this segment was closed; the file may belong to another segment
                }
            }
            catch (Exception e) when (_isRemoved && e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new SegmentDeletedException();
            }
        }
    }

    public override void Remove()
    {
        _isRemoved = true;
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            if (!_isNameReused)
            {
                Index.Delete();
                _disk.Delete(_path);
            }
        }
    }

    public override void Abandon()
    {
        _isRemoved = true;
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

    /// <summary>Searches the index; if it is damaged, rebuilds it from the batches.</summary>
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
                    if (_isRemoved)
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

    private void Add(in RecordBatch batch, SegmentIndex index)
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

    /// <summary>Loads the saved index and reads the headers after its last entry; without a saved index, all headers.</summary>
    private void Rebuild(long end, long? nextOffset)
    {
        Index.LoadIncomplete(end);
        if (Index.FloorOffset(long.MaxValue) is { } last)
        {
            Bytes = _lastEntryPosition = last.Position;
            NextOffset = last.Offset;
            MaxTimestamp = last.MaxTimestampBefore;
        }

        while (HeaderAt(Bytes, end) is { } batch)
        {
            var nextBase = HeaderAt(Bytes + batch.TotalBytes, end)?.BaseOffset ?? nextOffset ?? batch.NextOffset;

            // Offsets have a gap where an earlier recovery found damage. A batch after a gap is accepted if the batch that follows it
            // continues its offsets; any other batch is damaged and skipped.
            if (batch.BaseOffset == NextOffset || (batch.BaseOffset > NextOffset && batch.NextOffset == nextBase))
            {
                Add(batch, Index);
            }
            else
            {
                Bytes += batch.TotalBytes;
                NextOffset = nextBase;
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
