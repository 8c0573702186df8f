using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Wal;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// Puts one partition together at start, from its own segments and from the files of the log. A segment stands for its offsets: what the
/// log
/// still has of them is not wanted any more.
/// </summary>
/// <param name="logHasAll">True when no checkpoint was made since batches stay in the log: behind the last checkpoint of an earlier release
/// segments were not flushed, and the log has all of it.</param>
internal sealed class PartitionRecovery(PartitionLog partition, Disk disk, bool logHasAll)
{
    private readonly List<FileSegment> _sorted = [];
    private readonly List<LogRange> _stretches = [];
    private readonly List<LostRecords> _jumps = [];
    private readonly List<LostRecords> _lost = [];
    private LogRange? _current;
    private int _currentFloor;
    private long _currentSince;
    private long? _missing;

    public PartitionLog Partition => partition;

    /// <summary>Records that have no whole copy, and were not known to be lost before.</summary>
    public IReadOnlyList<LostRecords> Lost => _lost;

    /// <summary>The offset that should come next in the log.</summary>
    public long Expected { get; private set; }

    /// <summary>Opens the segments.</summary>
    public void Open()
    {
        var vouched = partition.Checkpointed;
        var growing = vouched.Growing ?? (logHasAll ? (-1L, 0L) : null);
        var files = SegmentFiles.All(partition.Folder).Where(file => growing is null || file <= growing.Value.Segment).ToList();
        partition.StartInLog = vouched.LogStart ?? (files.Count > 0 ? files[0] : vouched.NextOffset);
        for (var i = 0; i < files.Count; i++)
        {
            if (_sorted is [.., var before] && files[i] < before.NextOffset)
            {
                continue; // a kill left it, when its replacement was complete
            }

            _sorted.Add(files[i] == growing?.Segment
                ? FileSegment.OpenCut(disk, partition.Folder, files[i], growing.Value.Bytes, vouched.NextOffset)
                : FileSegment.OpenSealed(disk, partition.Folder, files[i], nextOffset: null));
        }

        SegmentFiles.KeepOnly(disk, partition.Folder, [.. _sorted.Select(s => s.BaseOffset)]);
        if (growing is { Segment: >= 0 and var newest } && !files.Contains(newest) && vouched.NextOffset > partition.StartInLog)
        {
            _missing = newest;
        }

        Expected = partition.StartInLog;
        partition.LogEnd = Math.Max(vouched.NextOffset, _sorted is [.., var last] ? last.NextOffset : 0);
        SkipSorted();
    }

    /// <summary>Takes a part of a log file that has an index.</summary>
    public void Add(LogFile file, in LogRangeSummary summary)
    {
        if (summary.NextOffset > partition.StartInLog && !IsSorted(summary.BaseOffset))
        {
            _stretches.Add(new LogRange(file, summary));
        }

        _current = null;
        GoOn(summary.NextOffset);
    }

    /// <summary>Takes a batch of the log.</summary>
    public void Add(LogFile file, in FoundBatch found)
    {
        var batch = found.Batch;
        Remember(found);
        if (batch.NextOffset <= Expected || IsSorted(batch.BaseOffset))
        {
            return; // deleted, or a segment has it
        }

        var floor = FloorSorted(batch.BaseOffset);
        if (_current is null || _current.File != file || floor != _currentFloor
            || _current.Bytes + batch.TotalBytes > partition.SegmentBytes
            || (batch.MaxTimestamp > _current.MaxTimestamp && batch.MaxTimestamp - _currentSince >= partition.RollAge?.TotalMilliseconds))
        {
            _current = new LogRange(file, partition.Address, batch.BaseOffset);
            (_currentFloor, _currentSince) = (floor, batch.MaxTimestamp);
            _stretches.Add(_current);
        }
        else if (batch.BaseOffset > _current.NextOffset)
        {
            _jumps.Add(new LostRecords(_current.NextOffset, batch.BaseOffset - 1));
        }

        _current.Add(batch, found.At);
        GoOn(batch.NextOffset);
    }

    /// <summary>The log was read to its end.</summary>
    /// <param name="knownEnd">The offset behind the last one that is known to be acknowledged.</param>
    /// <param name="isKnown">True for records that were found lost at an earlier start.</param>
    /// <exception cref="StorageException">The newest segment of the last checkpoint is missing, and the log does not have it.</exception>
    public void Finish(long knownEnd, Predicate<LostRecords> isKnown)
    {
        var start = partition.StartInLog;
        var segments = _sorted.Concat<Segment>(_stretches.Select(s => new LogSlice(s, isSealed: true))).OrderBy(s => s.BaseOffset).ToList();
        foreach (var gone in segments.Where(s => s.NextOffset <= start))
        {
            gone.Remove(); // a kill kept it from being deleted
        }

        segments.RemoveAll(s => s.NextOffset <= start);
        var end = Math.Max(Math.Max(partition.LogEnd, knownEnd), start);
        partition.Open(segments, end, start);
        partition.VouchedFor = logHasAll ? -1 : partition.Checkpointed.NextOffset;
        var position = start;
        foreach (var segment in segments)
        {
            Lose(position, segment.BaseOffset, isKnown);
            position = segment.NextOffset;
        }

        Lose(position, end, isKnown);
        foreach (var jump in _jumps)
        {
            Lose(Math.Max(jump.FirstOffset, start), jump.LastOffset + 1, isKnown);
        }

        if (_missing is { } missing && _lost.Any(l => l.FirstOffset < partition.Checkpointed.NextOffset))
        {
            throw new StorageException(
                $"The segment {missing} of {partition.Name} is gone from {partition.Folder}. Restore it from a copy.");
        }

        if (_lost.Count > 0)
        {
            partition.Producers.ExpectJumps();
        }
    }

    /// <summary>The topic was deleted.</summary>
    public void Drop() => _stretches.ForEach(s => s.File.Release(s));

    private void Remember(in FoundBatch found)
    {
        if (found.Batch.BaseOffset >= partition.Checkpointed.NextOffset)
        {
            partition.Producers.Add(found.Batch, found.Batch.BaseOffset);
        }
    }

    private void GoOn(long offset)
    {
        Expected = Math.Max(Expected, offset);
        partition.LogEnd = Math.Max(partition.LogEnd, offset);
        SkipSorted();
    }

    private void SkipSorted()
    {
        while (FloorSorted(Expected) is >= 0 and var floor && _sorted[floor].NextOffset > Expected)
        {
            Expected = _sorted[floor].NextOffset;
        }
    }

    private bool IsSorted(long offset) => FloorSorted(offset) is >= 0 and var floor && offset < _sorted[floor].NextOffset;

    /// <summary>The last segment that begins at or below an offset; -1 when there is none.</summary>
    private int FloorSorted(long offset)
    {
        int low = 0, high = _sorted.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle].BaseOffset <= offset)
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

    private void Lose(long first, long behind, Predicate<LostRecords> isKnown)
    {
        var lost = new LostRecords(first, behind - 1);
        if (first < behind && !isKnown(lost))
        {
            _lost.Add(lost);
        }
    }
}
