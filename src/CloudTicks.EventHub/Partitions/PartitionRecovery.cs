using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Wal;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// Recovers one partition at startup from its own segments and the files of the log. For offsets that a segment covers, the copies in the
/// log are ignored.
/// </summary>
/// <param name="logHasAllLaterBatches">
/// True when the log contains every batch after the last checkpoint: without a checkpoint, or after the checkpoint of a release that also
/// wrote batches to segments. That release did not flush the segments after the checkpoint.
/// </param>
internal sealed class PartitionRecovery(PartitionLog partition, Disk disk, bool logHasAllLaterBatches)
{
    private readonly List<FileSegment> _fileSegments = [];
    private readonly List<LogRange> _ranges = [];
    private readonly List<LostRecords> _gaps = [];
    private readonly List<LostRecords> _lost = [];
    private LogRange? _current;
    private int _currentFloor;
    private long _currentSince;
    private long? _missingSegment;

    public PartitionLog Partition => partition;

    /// <summary>Records without an intact copy that are not yet registered as lost.</summary>
    public IReadOnlyList<LostRecords> Lost => _lost;

    /// <summary>The next offset that the log should contain.</summary>
    public long Expected { get; private set; }

    /// <summary>Opens the segments.</summary>
    public void Open()
    {
        var checkpoint = partition.Checkpointed;
        var growing = checkpoint.Growing ?? (logHasAllLaterBatches ? (-1L, 0L) : null);
        var files = SegmentFiles.All(partition.Folder).Where(file => growing is null || file <= growing.Value.Segment).ToList();
        partition.PendingLogStart = checkpoint.LogStart ?? (files.Count > 0 ? files[0] : checkpoint.NextOffset);
        for (var i = 0; i < files.Count; i++)
        {
            if (_fileSegments is [.., var previous] && files[i] < previous.NextOffset)
            {
                continue; // already replaced: a crash prevented the deletion of this segment
            }

            _fileSegments.Add(files[i] == growing?.Segment
                ? FileSegment.OpenTruncated(disk, partition.Folder, files[i], growing.Value.Bytes, checkpoint.NextOffset)
                : FileSegment.OpenSealed(disk, partition.Folder, files[i], nextOffset: null));
        }

        SegmentFiles.DeleteAllExcept(disk, partition.Folder, [.. _fileSegments.Select(s => s.BaseOffset)]);
        if (growing is { Segment: >= 0 and var newest } && !files.Contains(newest) && checkpoint.NextOffset > partition.PendingLogStart)
        {
            _missingSegment = newest;
        }

        Expected = partition.PendingLogStart;
        partition.LogEnd = Math.Max(checkpoint.NextOffset, _fileSegments is [.., var last] ? last.NextOffset : 0);
        SkipFileSegments();
    }

    /// <summary>Adds one partition's part of an indexed log file.</summary>
    public void Add(LogFile file, in LogRangeSummary summary)
    {
        if (summary.NextOffset > partition.PendingLogStart && !IsInFileSegment(summary.BaseOffset))
        {
            _ranges.Add(new LogRange(file, summary));
        }

        _current = null;
        MoveTo(summary.NextOffset);
    }

    /// <summary>Adds a batch of the log.</summary>
    public void Add(LogFile file, in FoundBatch found)
    {
        var batch = found.Batch;
        AddProducerBatch(found);
        if (batch.NextOffset <= Expected || IsInFileSegment(batch.BaseOffset))
        {
            return; // deleted, or already in a segment
        }

        var floor = FloorFileSegment(batch.BaseOffset);
        if (_current is null || _current.File != file || floor != _currentFloor
            || _current.Bytes + batch.TotalBytes > partition.SegmentBytes
            || (batch.MaxTimestamp > _current.MaxTimestamp && batch.MaxTimestamp - _currentSince >= partition.RollAge?.TotalMilliseconds))
        {
            _current = new LogRange(file, partition.Address, batch.BaseOffset);
            (_currentFloor, _currentSince) = (floor, batch.MaxTimestamp);
            _ranges.Add(_current);
        }
        else if (batch.BaseOffset > _current.NextOffset)
        {
            _gaps.Add(new LostRecords(_current.NextOffset, batch.BaseOffset - 1));
        }

        _current.Add(batch, found.At);
        MoveTo(batch.NextOffset);
    }

    /// <summary>Completes the recovery at the end of the log.</summary>
    /// <param name="knownEnd">The offset after the last record that is known to be acknowledged.</param>
    /// <param name="isKnown">Returns true for records that an earlier start registered as lost.</param>
    /// <exception cref="StorageException">The newest segment of the last checkpoint is missing in the folder and in the log.</exception>
    public void Finish(long knownEnd, Predicate<LostRecords> isKnown)
    {
        var start = partition.PendingLogStart;
        var segments = _fileSegments.Concat<Segment>(_ranges.Select(s => new LogSlice(s, isSealed: true)))
            .OrderBy(s => s.BaseOffset).ToList();
        foreach (var obsolete in segments.Where(s => s.NextOffset <= start))
        {
            obsolete.Remove(); // a crash interrupted its deletion
        }

        segments.RemoveAll(s => s.NextOffset <= start);
        var end = Math.Max(Math.Max(partition.LogEnd, knownEnd), start);
        partition.Open(segments, end, start);
        partition.CheckpointedTo = logHasAllLaterBatches ? -1 : partition.Checkpointed.NextOffset;
        var position = start;
        foreach (var segment in segments)
        {
            AddLost(position, segment.BaseOffset, isKnown);
            position = segment.NextOffset;
        }

        AddLost(position, end, isKnown);
        foreach (var gap in _gaps)
        {
            AddLost(Math.Max(gap.FirstOffset, start), gap.LastOffset + 1, isKnown);
        }

        if (_missingSegment is { } missingSegment && _lost.Any(l => l.FirstOffset < partition.Checkpointed.NextOffset))
        {
            throw new StorageException(
                $"The segment {missingSegment} of {partition.Name} is missing in {partition.Folder}. Restore it from a backup.");
        }

        if (_lost.Count > 0)
        {
            partition.Producers.AllowGaps();
        }
    }

    /// <summary>Releases the partition's ranges of the log files, because its topic was deleted.</summary>
    public void ReleaseRanges() => _ranges.ForEach(s => s.File.Release(s));

    private void AddProducerBatch(in FoundBatch found)
    {
        if (found.Batch.BaseOffset >= partition.Checkpointed.NextOffset)
        {
            partition.Producers.Add(found.Batch, found.Batch.BaseOffset);
        }
    }

    private void MoveTo(long offset)
    {
        Expected = Math.Max(Expected, offset);
        partition.LogEnd = Math.Max(partition.LogEnd, offset);
        SkipFileSegments();
    }

    private void SkipFileSegments()
    {
        while (FloorFileSegment(Expected) is >= 0 and var floor && _fileSegments[floor].NextOffset > Expected)
        {
            Expected = _fileSegments[floor].NextOffset;
        }
    }

    private bool IsInFileSegment(long offset) => FloorFileSegment(offset) is >= 0 and var floor && offset < _fileSegments[floor].NextOffset;

    /// <summary>The last segment that begins at or below an offset; -1 when there is none.</summary>
    private int FloorFileSegment(long offset)
    {
        int low = 0, high = _fileSegments.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_fileSegments[middle].BaseOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private void AddLost(long first, long end, Predicate<LostRecords> isKnown)
    {
        var lost = new LostRecords(first, end - 1);
        if (first < end && !isKnown(lost))
        {
            _lost.Add(lost);
        }
    }
}
