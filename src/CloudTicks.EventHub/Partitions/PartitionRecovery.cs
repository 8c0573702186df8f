using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// Puts one partition together at start, from its segments and the log: a batch is used wherever a whole copy of it lies, and what is in
/// neither is named.
/// </summary>
internal sealed class PartitionRecovery(PartitionLog partition, Disk disk, long acknowledgedEnd)
{
    private readonly Queue<WholeBatch> _salvaged = [];
    private readonly List<LostRecords> _lost = [];
    private long? _missing;
    private long _logEnd;
    private bool _keptSalvage;
    private bool _usedSalvage;

    public PartitionLog Partition => partition;

    /// <summary>Records that have no whole copy.</summary>
    public IReadOnlyList<LostRecords> Lost => _lost;

    /// <summary>True when a segment had acknowledged records that the log has no more.</summary>
    public bool LogWasShort => _usedSalvage || partition.LogEnd > _logEnd;

    /// <summary>Opens the segments as far as they are whole.</summary>
    /// <param name="verifyFrom"> The first offset of which the log has a copy although the checkpoint has it too: from there on the
    /// segments are checked. Null when there is none. </param>
    public void Open(long? verifyFrom)
    {
        var vouched = partition.Checkpointed;
        var all = SegmentFiles.All(partition.Folder);
        var start = vouched.LogStart ?? (all is [var oldest, ..] && oldest <= vouched.LastSegment ? oldest : vouched.NextOffset);

        // Those wholly before the start are files that a kill kept from being deleted.
        var files = all.Where((_, i) => i + 1 == all.Count || all[i + 1] > start).ToList();
        RemoveReplaced(files, vouched);
        _logEnd = vouched.NextOffset;
        var (first, position, offset) = FirstDoubt(files, vouched, verifyFrom is { } from ? Math.Max(from, start) : null);
        var survey = new SegmentSurvey(
            disk, partition.Folder, vouched.NextOffset, Math.Min(verifyFrom ?? long.MaxValue, vouched.NextOffset), acknowledgedEnd);
        survey.Walk(files, first, position, offset, batch =>
        {
            if (batch.BaseOffset >= vouched.NextOffset)
            {
                partition.Producers.Add(batch, batch.BaseOffset);
            }
        });
        KeepBehindDamage(survey);
        var kept = files.Take(survey.File + 1).ToList();
        var end = survey.Position;
        if (end == 0 && kept.Count > 0)
        {
            kept.RemoveAt(kept.Count - 1); // nothing in it is whole
            end = kept.Count > 0 ? LengthOf(kept[^1]) : 0;
        }

        SegmentFiles.KeepOnly(disk, partition.Folder, kept);
        OpenSegments(kept, end, Math.Max(survey.NextOffset, start), vouched, start);
    }

    /// <summary>Takes what was whole behind damage and lies before an offset that the log has.</summary>
    public void FillTo(long offset, ApplyRound round)
    {
        while (_salvaged.TryPeek(out var next) && next.Header.BaseOffset < offset)
        {
            _salvaged.Dequeue();
            if (next.Header.BaseOffset >= partition.LogEnd && next.Header.NextOffset <= offset)
            {
                _usedSalvage = true;
                Take(next.Header, next.Bytes, round);
            }
        }
    }

    /// <summary>Takes a batch of the log, if the segments have it not.</summary>
    public void Replay(in RecordBatch batch, ReadOnlyMemory<byte> bytes, ApplyRound round)
    {
        _logEnd = Math.Max(_logEnd, batch.NextOffset);
        if (batch.BaseOffset < partition.LogEnd)
        {
            return;
        }

        FillTo(batch.BaseOffset, round);
        if (batch.BaseOffset >= partition.LogEnd)
        {
            Take(batch, bytes, round);
        }
    }

    /// <summary>The log was read to its end and everything staged is written.</summary>
    /// <param name="knownEnd">The offset behind the last one that is known to be acknowledged.</param>
    /// <exception cref="StorageException">The newest segment of the last checkpoint is missing, and the log does not have it.</exception>
    public void Finish(long knownEnd)
    {
        var end = Math.Max(Math.Max(partition.LogEnd, knownEnd), partition.Checkpointed.NextOffset);
        Lose(end);
        if (partition.LogEnd < end)
        {
            partition.SkipTo(end);
        }

        for (var i = _lost.Count - 1; i >= 0; i--)
        {
            var lost = _lost[i] with { FirstOffset = Math.Max(_lost[i].FirstOffset, partition.LogStart) };
            _lost[i] = lost;
            if (lost.LastOffset < lost.FirstOffset)
            {
                _lost.RemoveAt(i); // deleted meanwhile
            }
        }

        if (_missing is { } segment && _lost.Any(l => l.FirstOffset < partition.Checkpointed.NextOffset))
        {
            throw new StorageException(
                $"The segment {segment} of {partition.Name} is gone from {partition.Folder}. Restore it from a copy.");
        }

        if (_lost.Count > 0)
        {
            partition.Producers.ExpectJumps();
        }

        partition.VouchedFor = partition.Checkpointed.LastSegment;
        partition.MeasureNewest();
    }

    /// <summary>What was salvaged is in the log, or a checkpoint vouches for it.</summary>
    public void DeleteSalvage()
    {
        if (_keptSalvage)
        {
            disk.Delete(SegmentFiles.SalvagePathOf(partition.Folder));
        }
    }

    private void Take(in RecordBatch batch, ReadOnlyMemory<byte> bytes, ApplyRound round)
    {
        Lose(batch.BaseOffset);
        partition.LogEnd = batch.NextOffset;
        partition.Producers.Add(batch, batch.BaseOffset);
        round.Add(partition, bytes);
    }

    private void Lose(long before)
    {
        if (before > partition.LogEnd)
        {
            _lost.Add(new LostRecords(partition.LogEnd, before - 1));
        }
    }

    /// <summary>Where the checking begins: behind the last checkpoint, or earlier, where files are shorter or the log has copies.</summary>
    private (int File, long Position, long Offset) FirstDoubt(List<long> files, CheckpointedEnd vouched, long? verifyFrom)
    {
        var newest = files.IndexOf(vouched.LastSegment);
        if (newest < 0)
        {
            _missing = vouched.LastSegment >= 0 && vouched.NextOffset > (vouched.LogStart ?? 0) ? vouched.LastSegment : null;
            var behind = files.FindIndex(f => f > vouched.LastSegment);
            return (behind < 0 ? files.Count : behind, 0, vouched.LastSegment >= 0 ? vouched.LastSegment : vouched.NextOffset);
        }

        var isShort = LengthOf(files[newest]) < vouched.LastSegmentBytes;
        if (!isShort && !(verifyFrom < vouched.NextOffset))
        {
            return (newest, vouched.LastSegmentBytes, vouched.NextOffset);
        }

        var from = verifyFrom ?? long.MaxValue;
        var file = Math.Clamp(files.FindLastIndex(f => f <= from), 0, newest);
        return SegmentIndex.ReadFloor(SegmentFiles.IndexPathOf(partition.Folder, files[file]), from, LengthOf(files[file])) is { } entry
            ? (file, entry.Position, entry.Offset)
            : (file, 0, files[file]);
    }

    /// <summary>A kill left segments whose replacement, which begins before them, is complete.</summary>
    private void RemoveReplaced(List<long> files, CheckpointedEnd vouched)
    {
        var end = long.MinValue;
        files.RemoveAll(file =>
        {
            if (file < end)
            {
                return true;
            }

            end = file < vouched.LastSegment ? EndOf(file) : end;
            return false;
        });
    }

    /// <summary>The offset behind all that a sealed segment stands for, as far as it is whole where its index is missing.</summary>
    private long EndOf(long file)
    {
        if (SegmentIndex.ReadEnd(disk, SegmentFiles.IndexPathOf(partition.Folder, file), LengthOf(file)) is { } entry)
        {
            return entry.Offset;
        }

        var end = file;
        using var window = new FileWindow(disk.OpenToRead(SegmentFiles.PathOf(partition.Folder, file)));
        for (var position = 0L; window.TryBatchAt(position, out var batch) && batch.BaseOffset == end; position += batch.TotalBytes)
        {
            end = batch.NextOffset;
        }

        return end;
    }

    private long LengthOf(long segment) => new FileInfo(SegmentFiles.PathOf(partition.Folder, segment)).Length;

    /// <summary>What is about to be cut off with the damage before it is kept in a file of its own until a checkpoint has it.</summary>
    private void KeepBehindDamage(SegmentSurvey survey)
    {
        var path = SegmentFiles.SalvagePathOf(partition.Folder);
        var found = survey.BehindDamage.Concat(ReadSalvage(path)).Where(b => b.Header.BaseOffset >= survey.NextOffset)
            .DistinctBy(b => b.Header.BaseOffset).OrderBy(b => b.Header.BaseOffset).ToList();
        if (found.Count == 0)
        {
            return;
        }

        _keptSalvage = true;
        var content = new byte[found.Sum(b => b.Bytes.Length)];
        var at = 0;
        foreach (var batch in found)
        {
            batch.Bytes.CopyTo(content, at);
            at += batch.Bytes.Length;
            _salvaged.Enqueue(batch);
        }

        disk.Replace(path, content);
    }

    private List<WholeBatch> ReadSalvage(string path)
    {
        var found = new List<WholeBatch>();
        if (File.Exists(path))
        {
            using var window = new FileWindow(disk.OpenToRead(path));
            for (var position = 0L; window.TryBatchAt(position, out var header); position += header.TotalBytes)
            {
                found.Add(new WholeBatch(header, window.At(position, (int)header.TotalBytes).ToArray()));
            }
        }

        return found;
    }

    private void OpenSegments(List<long> kept, long end, long nextOffset, CheckpointedEnd vouched, long start)
    {
        var segments = new SortedSegment[kept.Count];
        for (var i = 0; i < kept.Count; i++)
        {
            var isNewest = i == kept.Count - 1;
            var behind = isNewest ? nextOffset : kept[i + 1];
            segments[i] = isNewest || kept[i] >= vouched.LastSegment
                ? SortedSegment.OpenUnflushed(
                    disk, partition.Folder, kept[i], isNewest ? end : LengthOf(kept[i]), behind, isNewest)
                : SortedSegment.OpenSealed(disk, partition.Folder, kept[i], behind);
            if (!isNewest && Math.Max(segments[i].RecordsEnd, start) < behind)
            {
                _lost.Add(new LostRecords(Math.Max(segments[i].RecordsEnd, start), behind - 1));
            }
        }

        var oldest = segments is [var first, ..] ? first.BaseOffset : nextOffset;
        if (start < oldest)
        {
            _lost.Add(new LostRecords(start, oldest - 1));
        }

        partition.Open(segments, segments.Where((s, i) => IsUnflushed(s, i == segments.Length - 1)), nextOffset, start);

        bool IsUnflushed(SortedSegment segment, bool isNewest) =>
            isNewest ? segment.BaseOffset != vouched.LastSegment || segment.Bytes != vouched.LastSegmentBytes
                : segment.BaseOffset >= vouched.LastSegment;
    }
}
