using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Compaction;

/// <summary>
/// Compacts one partition: notes the newest offset of each key of what was never compacted, then rewrites the segments from the oldest on
/// without the records that newer ones have replaced. Where the keys do not fit into memory, several passes do it one behind the other.
/// </summary>
/// <remarks>
/// Every offset stays covered: an empty batch stands for those that went between two others. So a hole is damage, in a compacted partition
/// as in any other.
/// </remarks>
internal sealed class PartitionCompaction(
    PartitionLog partition, Disk disk, TopicSettings settings, KeyOffsets newest, CompactionPace pace, long now) : IDisposable
{
    private readonly HashSet<Segment> _damaged = [];
    private readonly BatchCleaning _thinning = new(newest, now, settings.DeleteRetentionMs);
    private readonly SegmentReader _walk = new();
    private readonly RecordBuffer _left = new(int.MaxValue);

    /// <summary>Bytes of the segments that were rewritten.</summary>
    public long BytesBefore { get; private set; }

    /// <summary>What is left of them.</summary>
    public long BytesAfter { get; private set; }

    /// <summary>True when damage, or what cannot be read, stayed as it was.</summary>
    public bool HasSkipped => _thinning.KeepTombstones;

    /// <summary>The earliest time at which a kept tombstone may go.</summary>
    public long TombstonesUntil => _thinning.TombstonesUntil;

    /// <summary>One pass.</summary>
    /// <param name="segments">As <see cref="CompactionPlan"/> has them.</param>
    /// <param name="from">The offset up to which it was compacted before.</param>
    /// <returns>The offset up to which it is compacted now; null when the segments are not all there any more.</returns>
    public long? Run(IReadOnlyList<Segment> segments, long from)
    {
        newest.Clear();
        var end = NoteKeys(segments, from);
        var old = segments.TakeWhile(s => s.BaseOffset < end).ToList();
        for (var next = 0; next < old.Count;)
        {
            var group = Group(old, next);
            if (group.Count == 0)
            {
                _thinning.KeepTombstones = true;
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
        _thinning.Dispose();
        _walk.Dispose();
        _left.Dispose();
    }

    /// <returns>The offset up to which all keys were noted.</returns>
    private long NoteKeys(IReadOnlyList<Segment> segments, long from)
    {
        var end = segments[^1].NextOffset;
        using var unpacked = new RecordBuffer(BatchContent.MaxUnpackedBytes);
        foreach (var segment in segments.Where(s => s.NextOffset > from))
        {
            try
            {
                foreach (var (batch, bytes) in _walk.Read(segment))
                {
                    pace.Took(bytes.Length);
                    if (batch.NextOffset > from && !TryNoteKeys(batch, bytes, unpacked))
                    {
                        return batch.BaseOffset;
                    }
                }
            }
            catch (DamagedSegmentException e)
            {
                ReportDamage(e); // the keys behind are not noted, so that only older records of theirs stay
            }
        }

        return end;
    }

    /// <returns>False when the table is full; the keys of the batch are then left for the next pass.</returns>
    private bool TryNoteKeys(in RecordBatch batch, ReadOnlyMemory<byte> bytes, RecordBuffer unpacked)
    {
        unpacked.Clear();
        if (batch.Count == 0 || !RecordCodecs.TryUnpack((RecordCodec)batch.Codec, bytes[RecordBatch.HeaderBytes..], unpacked))
        {
            return true; // what cannot be read stays
        }

        if (!newest.HasRoomFor(batch.Count) && newest.Count > 0)
        {
            return false;
        }

        var reader = new RecordReader(unpacked.Span);
        while (reader.TryRead(out var record))
        {
            if (record.HasKey)
            {
                newest.Put(record.Key, batch.BaseOffset + record.OffsetDelta);
            }
        }

        return true;
    }

    /// <summary>The segments from an index on that become one: whole ones, no larger together than a segment may be.</summary>
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

    /// <returns>False when the segments are not all there any more.</returns>
    private bool TryReplace(List<Segment> group, long end)
    {
        var before = group.Sum(s => s.Bytes);
        pace.RequireRoom(before);
        var compacted = Write(group, end);
        if (!partition.Replace(group, [compacted]))
        {
            compacted.Remove();
            return false;
        }

        foreach (var segment in group)
        {
            segment.Remove();
        }

        BytesBefore += before;
        BytesAfter += compacted.Bytes;
        return true;
    }

    private FileSegment Write(List<Segment> group, long end)
    {
        var sameName = group[0] as FileSegment;
        sameName?.Pin();
        try
        {
            return FileSegment.Write(disk, partition.Folder, group[0].BaseOffset, group[^1].NextOffset, Thin(group, end));
        }
        catch
        {
            sameName?.KeepName();
            throw;
        }
    }

    /// <summary>What is left of segments, with an empty batch wherever records went.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Thin(List<Segment> group, long end)
    {
        var covered = group[0].BaseOffset;
        foreach (var segment in group)
        {
            foreach (var (batch, bytes) in _walk.Read(segment))
            {
                pace.Took(2 * bytes.Length);
                _left.Clear();
                if (batch.NextOffset > end)
                {
                    _left.Append(bytes.Span);
                }
                else if (!_thinning.TryThin(batch, bytes, _left))
                {
                    continue;
                }

                if (batch.BaseOffset > covered)
                {
                    yield return RecordBatch.Empty(covered, batch.BaseOffset);
                }

                _ = RecordBatch.TryRead(_left.Span, out var left);
                covered = left.NextOffset;
                yield return _left.Written;
            }
        }

        if (covered < group[^1].NextOffset)
        {
            yield return RecordBatch.Empty(covered, group[^1].NextOffset);
        }
    }

    /// <summary>The reader steps over it and reports it, as to any client. The segment stays as it is.</summary>
    private void ReportDamage(DamagedSegmentException damage)
    {
        _damaged.Add(damage.Segment);
        partition.Reader.Read(damage.Offset, 1, atLeastOne: true, fromDisk: true).Dispose();
    }
}
