using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// Walks a partition's segments at start and says how far they are whole. Every batch was flushed to the log before it was written here, so
/// a whole one is as good as the log's. What lies whole behind damage is collected apart: the log may have what comes before it.
/// </summary>
/// <param name="checkpointed">The offset behind the last record of the last checkpoint.</param>
/// <param name="jumpsBefore">Below it a jump of the offsets is one that an earlier recovery left; behind it the log may have what is
/// missing.</param>
/// <param name="acknowledgedEnd">The offset behind the last one that is known to be acknowledged; 0 when none is.</param>
internal sealed class SegmentSurvey(Disk disk, string folder, long checkpointed, long jumpsBefore, long acknowledgedEnd)
{
    private readonly List<WholeBatch> _behindDamage = [];
    private WholeBatch? _previous;
    private bool _previousIsSure;
    private long _previousEnd;
    private bool _broken;

    /// <summary>The file in which the whole part ends: its index in the list; -1 when there is none.</summary>
    public int File { get; private set; } = -1;

    public long Position { get; private set; }

    public long NextOffset { get; private set; }

    /// <summary>Whole batches behind the first damage, in the order of the files.</summary>
    public IReadOnlyList<WholeBatch> BehindDamage => _behindDamage;

    public void Walk(IReadOnlyList<long> files, int first, long position, long offset, Action<RecordBatch> onWhole)
    {
        (File, Position, NextOffset) = (first, position, offset);
        if (first == files.Count)
        {
            File = first - 1;
            Position = first > 0 ? new FileInfo(SegmentFiles.PathOf(folder, files[^1])).Length : 0;
        }

        for (var file = first; file < files.Count; file++)
        {
            using var window = new FileWindow(disk.OpenToRead(SegmentFiles.PathOf(folder, files[file])));
            if (file > first)
            {
                position = 0;
                if (!_broken && files[file] > NextOffset && NextOffset < jumpsBefore)
                {
                    NextOffset = files[file]; // a hole that an earlier recovery left between two segments
                }
            }

            if (!_broken)
            {
                position = WalkWhole(window, file, position, file + 1 < files.Count ? files[file + 1] : checkpointed, onWhole);
            }

            if (_broken)
            {
                Collect(window, position, files[file]);
            }
        }
    }

    private long WalkWhole(FileWindow window, int file, long position, long behindFile, Action<RecordBatch> onWhole)
    {
        while (window.TryBatchAt(position, out var batch)
            && (batch.BaseOffset == NextOffset || (NextOffset < jumpsBefore && IsJump(window, position, batch, behindFile))))
        {
            position += batch.TotalBytes;
            (File, Position, NextOffset) = (file, position, batch.NextOffset);
            onWhole(batch);
        }

        if (position < window.Length)
        {
            _broken = true;
            if (position > 0)
            {
                (File, Position) = (file, position); // else the whole part ends in a file before, perhaps with empty ones between
            }
        }

        return position;
    }

    /// <summary>True when offsets jump here and go on from there; an offset that is itself damaged does not fit to what follows.</summary>
    private bool IsJump(FileWindow window, long position, in RecordBatch batch, long behindFile)
    {
        var end = position + batch.TotalBytes;
        var behind = window.TryBatchAt(end, out var next) ? next.BaseOffset : end == window.Length ? behindFile : -1;
        return batch.BaseOffset > NextOffset && batch.NextOffset == behind;
    }

    /// <summary>A batch's checksum omits its base offset, so behind damage only one that fits its neighbours is trusted.</summary>
    private void Collect(FileWindow window, long from, long fileBase)
    {
        var damagedFrom = from;
        var expected = _behindDamage is [.., var last] ? last.Header.NextOffset : NextOffset;
        (_previous, _previousEnd) = (null, -1);
        for (var position = from; position + RecordBatch.HeaderBytes <= window.Length; position++)
        {
            if (!window.TryBatchAt(position, out var header))
            {
                continue;
            }

            var batch = new WholeBatch(header, window.At(position, (int)header.TotalBytes).ToArray());
            var follows = _previous is not null && _previousEnd == position && _previous.Header.NextOffset == header.BaseOffset;
            var end = position + header.TotalBytes;
            if (follows && !_previousIsSure)
            {
                Take(_previous!);
            }

            var sure = follows || (position == 0 && header.BaseOffset == fileBase)
                || Fits(window, damagedFrom, position, expected, header.BaseOffset)
                || (end == window.Length && header.NextOffset == acknowledgedEnd);
            if (sure)
            {
                Take(batch);
                expected = header.NextOffset;
            }

            (_previous, _previousIsSure, _previousEnd) = (batch, sure, end);
            damagedFrom = sure ? end : damagedFrom;
            position = end - 1;
        }
    }

    private void Take(WholeBatch batch)
    {
        if (batch.Header.BaseOffset >= (_behindDamage is [.., var last] ? last.Header.NextOffset : NextOffset))
        {
            _behindDamage.Add(batch);
        }
    }

    /// <summary>True when the header of the damaged batch before says that this one begins here, with this offset.</summary>
    private static bool Fits(FileWindow window, long damaged, long position, long expected, long baseOffset) =>
        damaged < position && RecordBatch.TryRead(window.At(damaged, RecordBatch.HeaderBytes).Span, out var header)
        && damaged + header.TotalBytes == position && expected + header.LastOffsetDelta + 1 == baseOffset;
}
