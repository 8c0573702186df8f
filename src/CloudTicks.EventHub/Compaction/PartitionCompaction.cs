using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Compaction;

/// <summary>
/// Compacts one partition: collects the newest offset of each key in the part that was never compacted, then rewrites the segments without
/// superseded records, the oldest first. Keys that do not fit into memory are handled by further passes.
/// </summary>
/// <remarks>
/// Every offset stays covered: an empty batch replaces a range of removed records. A missing offset therefore always means damage, even in
/// a compacted partition.
/// </remarks>
internal sealed class PartitionCompaction(
    PartitionLog partition, Disk disk, TopicSettings settings, KeyOffsets newestOffsets, CompactionPace pace, long now) : IDisposable
{
    private readonly HashSet<Segment> _damaged = [];
    private readonly BatchCleaner _cleaner = new(newestOffsets, now, settings.DeleteRetentionMs);
    private readonly SegmentReader _reader = new();
    private readonly RecordBuffer _remaining = new(int.MaxValue);

    /// <summary>Bytes of the segments before the rewrite.</summary>
    public long BytesBefore { get; private set; }

    /// <summary>Bytes of the segments after the rewrite.</summary>
    public long BytesAfter { get; private set; }

    /// <summary>True when damaged or unreadable records were kept.</summary>
    public bool HasSkipped => _cleaner.KeepTombstones;

    /// <summary>The earliest time at which a kept tombstone may be removed.</summary>
    public long TombstonesUntil => _cleaner.TombstonesUntil;

    /// <summary>Runs one pass.</summary>
    /// <param name="segments">The segments of a <see cref="CompactionPlan"/>.</param>
    /// <param name="from">The end of the part that was compacted before.</param>
    /// <returns>The end of the compacted part; null when a segment was deleted.</returns>
    public long? Run(IReadOnlyList<Segment> segments, long from)
    {
        newestOffsets.Clear();
        var end = CollectKeys(segments, from);
        var oldSegments = segments.TakeWhile(s => s.BaseOffset < end).ToList();
        for (var next = 0; next < oldSegments.Count;)
        {
            var group = Group(oldSegments, next);
            if (group.Count == 0)
            {
                _cleaner.KeepTombstones = true;
                next++;
                continue;
            }

            try
            {
                if (!TryReplace(group, end))
                {
                    return null;
                }

                next += group.Count;
            }
            catch (DamagedSegmentException e)
            {
                ReportDamage(e);
            }
        }

        return end;
    }

    public void Dispose()
    {
        _cleaner.Dispose();
        _reader.Dispose();
        _remaining.Dispose();
    }

    /// <returns>The offset up to which all keys were collected.</returns>
    private long CollectKeys(IReadOnlyList<Segment> segments, long from)
    {
        var end = segments[^1].NextOffset;
        using var unpacked = new RecordBuffer(BatchContent.MaxUnpackedBytes);
        foreach (var segment in segments.Where(s => s.NextOffset > from))
        {
            try
            {
                foreach (var (batch, bytes) in _reader.Read(segment))
                {
                    pace.Throttle(bytes.Length);
                    if (batch.NextOffset > from && !TryCollectKeys(batch, bytes, unpacked))
                    {
                        return batch.BaseOffset;
                    }
                }
            }
            catch (DamagedSegmentException e)
            {
                ReportDamage(e); // the segment's later keys are not collected, so some superseded records remain
            }
        }

        return end;
    }

    /// <returns>False when the table is full; the next pass handles the batch's keys.</returns>
    private bool TryCollectKeys(in RecordBatch batch, ReadOnlyMemory<byte> bytes, RecordBuffer unpacked)
    {
        unpacked.Clear();
        if (batch.Count == 0 || !RecordCodecs.TryUnpack((RecordCodec)batch.Codec, bytes[RecordBatch.HeaderBytes..], unpacked))
        {
            return true; // records that cannot be read are kept
        }

        if (!newestOffsets.HasRoomFor(batch.Count) && newestOffsets.Count > 0)
        {
            return false;
        }

        var reader = new RecordReader(unpacked.Span);
        while (reader.TryRead(out var record))
        {
            if (record.HasKey)
            {
                newestOffsets.Put(record.Key, batch.BaseOffset + record.OffsetDelta);
            }
        }

        return true;
    }

    /// <summary>Selects the intact segments, starting at an index, that together fit into one segment of the maximum size.</summary>
    private List<Segment> Group(List<Segment> segments, int from)
    {
        var group = new List<Segment>();
        var bytes = 0L;
        foreach (var segment in segments.Skip(from))
        {
            bytes += segment.Bytes;
            if (_damaged.Contains(segment)
                || (group.Count > 0
                    && (bytes > settings.SegmentBytes || segment.NextOffset - group[0].BaseOffset > int.MaxValue
                        || segment.BaseOffset != group[^1].NextOffset)))
            {
                break;
            }

            group.Add(segment);
        }

        return group;
    }

    /// <returns>False when a segment was deleted.</returns>
    private bool TryReplace(List<Segment> group, long end)
    {
        var before = group.Sum(s => s.Bytes);
        pace.RequireRoom(before);
        var compactedSegment = Write(group, end);
        if (!partition.Replace(group, [compactedSegment]))
        {
            compactedSegment.Remove();
            return false;
        }

        foreach (var segment in group)
        {
            segment.Remove();
        }

        BytesBefore += before;
        BytesAfter += compactedSegment.Bytes;
        return true;
    }

    private FileSegment Write(List<Segment> group, long end)
    {
        var segmentOfSameName = group[0] as FileSegment;
        segmentOfSameName?.Pin();
        try
        {
            return FileSegment.Write(disk, partition.Folder, group[0].BaseOffset, group[^1].NextOffset, Clean(group, end));
        }
        catch
        {
            segmentOfSameName?.CancelReplacement();
            throw;
        }
    }

    /// <summary>The remaining batches of segments, with an empty batch for each range of removed records.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Clean(List<Segment> group, long end)
    {
        var covered = group[0].BaseOffset;
        foreach (var segment in group)
        {
            foreach (var (batch, bytes) in _reader.Read(segment))
            {
                pace.Throttle(2 * bytes.Length);
                _remaining.Clear();
                if (batch.NextOffset > end)
                {
                    _remaining.Append(bytes.Span);
                }
                else if (!_cleaner.TryClean(batch, bytes, _remaining))
                {
                    continue;
                }

                if (batch.BaseOffset > covered)
                {
                    yield return RecordBatch.Empty(covered, batch.BaseOffset);
                }

                _ = RecordBatch.TryRead(_remaining.Span, out var remaining);
                covered = remaining.NextOffset;
                yield return _remaining.Written;
            }
        }

        if (covered < group[^1].NextOffset)
        {
            yield return RecordBatch.Empty(covered, group[^1].NextOffset);
        }
    }

    /// <summary>
    /// Reads the damaged offset the way a client would, so that the reader reports the damage. The compaction does not change the segment.
    /// </summary>
    private void ReportDamage(DamagedSegmentException damage)
    {
        _damaged.Add(damage.Segment);
        partition.Reader.Read(damage.Offset, 1, atLeastOne: true, fromDisk: true).Dispose();
    }
}
