using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>Reads a spool's records in order across its files while more are appended. Not thread-safe.</summary>
internal sealed class SpoolReader(Disk disk, Lock gate, List<SpoolSegment> segments, Func<long> lastSequence, Func<long> acknowledged)
    : IDisposable
{
    private SegmentReader? _file;
    private SpoolSegment? _segment;
    private long _lastReadSequence = acknowledged();
    private long _lastSpooledMs;
    private long _skipUpTo = acknowledged();

    /// <summary>Called for each damaged part, on the reading thread.</summary>
    public Action<SpoolDamage>? OnDamage { get; set; }

    public bool IsAtEnd => Math.Max(Interlocked.Read(ref _lastReadSequence), Interlocked.Read(ref _skipUpTo)) >= lastSequence();

    /// <summary>
    /// Skips records up to a number, because the sink already holds them. Requires the spool's lock, and must be called before the records
    /// can be read.
    /// </summary>
    public void SkipUpTo(long sequence) => Interlocked.Exchange(ref _skipUpTo, sequence);

    public bool TryRead(out SpooledRecord record)
    {
        while (NextSegment() is { } segment)
        {
            long end, last;
            bool isLast;
            lock (gate)
            {
                (end, last, isLast) = (segment.Length, segment.LastSequence, segment.LastSequence == lastSequence());
            }

            // Records after the last durable one come from a failed write and are repeated in the next file.
            if (_file!.TryRead(end, out var frame, out var value) && frame.Sequence <= last)
            {
                ReportUnreadableRecords(frame.Sequence, frame.SpooledMs, segment);
                (_lastSpooledMs, var sequence) = (frame.SpooledMs, frame.Sequence);
                Interlocked.Exchange(ref _lastReadSequence, sequence);
                if (sequence > Interlocked.Read(ref _skipUpTo))
                {
                    record = new SpooledRecord(sequence, new OutgoingRecord(frame.Partition, value.ToArray(), frame.Ticks, frame.Content));
                    return true;
                }
            }
            else if (isLast)
            {
                // The last records are damaged, and no later record reveals the damage.
                ReportUnreadableRecords(last + 1, null, segment);
                Interlocked.Exchange(ref _lastReadSequence, last);
            }
            else
            {
                _file.Dispose();
                (_file, _segment) = (null, segment);
            }
        }

        record = default;
        return false;
    }

    public void Dispose() => _file?.Dispose();

    private SpoolSegment? NextSegment()
    {
        if (IsAtEnd)
        {
            return null;
        }

        if (_file is not null)
        {
            return _segment;
        }

        lock (gate)
        {
            var next = segments.Find(segment => segment.LastSequence > Math.Max(_lastReadSequence, acknowledged())
                && (_segment is null || segment.FirstSequence > _segment.FirstSequence));
            if (next is not null)
            {
                (_file, _segment) = (new SegmentReader(disk, next.Path, next.FirstSequence), next);
            }

            return next;
        }
    }

    private void ReportUnreadableRecords(long nextSequence, long? nextMs, SpoolSegment segment)
    {
        var from = Math.Max(_lastReadSequence, Math.Max(Interlocked.Read(ref _skipUpTo), acknowledged()));
        var missing = nextSequence - from - 1;
        if (missing > 0)
        {
            var damaged = _file!.Damaged is { } frame && frame.Sequence > from && frame.Sequence < nextSequence && missing == 1
                ? frame
                : (SpoolFrame?)null;
            OnDamage?.Invoke(new SpoolDamage(from + 1, missing, damaged?.Partition, damaged?.Ticks, segment.Path, _lastSpooledMs, nextMs));
        }
    }
}
