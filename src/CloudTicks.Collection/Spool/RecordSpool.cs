using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>A durable queue of records on disk. One appending, one reading and one trimming thread may use it at the same time.</summary>
internal sealed class RecordSpool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Disk _disk;
    private readonly long _segmentBytes;
    private readonly TimeProvider _time;
    private readonly SpoolHead _head;
    private readonly List<SpoolSegment> _segments;
    private SpoolSegment? _openSegment;
    private bool _isAppending;
    private long _bytes;
    private long _lastSequence;
    private long _acknowledgedUpTo;
    private long _flushes;
    private readonly SpoolReader _reader;

    private RecordSpool(
        string folder, Disk disk, long segmentBytes, TimeProvider time, SpoolHead head, List<SpoolSegment> segments, long acknowledged,
        long lastSequence)
    {
        (_folder, _disk, _segmentBytes, _time, _head, _segments) = (folder, disk, segmentBytes, time, head, segments);
        (_acknowledgedUpTo, _lastSequence, _bytes) = (acknowledged, lastSequence, segments.Sum(segment => segment.Length));
        _reader = new SpoolReader(disk, _gate, segments, () => LastSequence, () => Interlocked.Read(ref _acknowledgedUpTo));
    }

    /// <summary>Called for each damaged part, on the reading thread.</summary>
    public Action<SpoolDamage>? OnDamage
    {
        get => _reader.OnDamage;
        set => _reader.OnDamage = value;
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    public long LastSequence => Interlocked.Read(ref _lastSequence);

    public long Records => LastSequence - Interlocked.Read(ref _acknowledgedUpTo);

    public bool IsFullyRead => _reader.IsAtEnd;

    public long Flushes => Interlocked.Read(ref _flushes);

    /// <summary>The time at which the oldest record on disk was spooled, Unix ms, UTC; null when there is none.</summary>
    public long? OldestMs
    {
        get
        {
            lock (_gate)
            {
                return Records > 0 && _segments.Count > 0 ? _segments[0].FirstSpooledMs : null;
            }
        }
    }

    /// <exception cref="CollectorException">A later version wrote the spool.</exception>
    /// <exception cref="IOException">The spool cannot be read or written.</exception>
    public static RecordSpool Open(string folder, Disk disk, long segmentBytes, TimeProvider time, Action<string, long> onTornTail)
    {
        var segments = SpoolRecovery.Read(folder, disk, onTornTail);
        var head = new SpoolHead(folder, disk);
        var acknowledged = Math.Max(head.Stored, segments.Count > 0 ? segments[0].FirstSequence - 1 : 0);
        var last = segments.Count > 0 ? segments[^1].LastSequence : 0;
        if (last <= acknowledged)
        {
            segments.ForEach(segment => disk.Delete(segment.Path));
            segments.Clear();
        }

        return new RecordSpool(folder, disk, segmentBytes, time, head, segments, acknowledged, Math.Max(last, acknowledged));
    }

    /// <summary>Appends records, which are durable and have consecutive numbers when it returns.</summary>
    /// <param name="handedOver">How many of the first records the sink already holds; these are not read back.</param>
    /// <returns>The number of the first record.</returns>
    /// <exception cref="IOException">The records are not durable and may be appended again.</exception>
    public long Append(IReadOnlyList<OutgoingRecord> records, int handedOver = 0)
    {
        var first = LastSequence + 1;
        SpoolSegment segment;
        lock (_gate)
        {
            _isAppending = true;
        }

        try
        {
            segment = _openSegment ?? StartSegment(first);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var bytes = Write(segment, records, first, now);
            lock (_gate)
            {
                if (segment.LastSequence < segment.FirstSequence)
                {
                    segment.FirstSpooledMs = now;
                }

                if (handedOver > 0)
                {
                    _reader.SkipUpTo(first + handedOver - 1);
                }

                segment.Length += bytes;
                segment.LastSequence = first + records.Count - 1;
                Interlocked.Add(ref _bytes, bytes);
                Interlocked.Exchange(ref _lastSequence, segment.LastSequence);
                if (segment.Length >= _segmentBytes)
                {
                    Close();
                }
            }

            return first;
        }
        catch
        {
            AbandonSegment();
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _isAppending = false;
            }
        }
    }

    public bool TryRead(out SpooledRecord record) => _reader.TryRead(out record);

    /// <summary>Allows the deletion of the records up to this number.</summary>
    public void Acknowledge(long upTo)
    {
        if (upTo > Interlocked.Read(ref _acknowledgedUpTo))
        {
            Interlocked.Exchange(ref _acknowledgedUpTo, upTo);
        }
    }

    /// <summary>Deletes the files whose records are all acknowledged, and stores the acknowledged position.</summary>
    public void Trim()
    {
        var acknowledged = Interlocked.Read(ref _acknowledgedUpTo);
        List<SpoolSegment> trimmed = [];
        lock (_gate)
        {
            while (_segments.Count > 0 && _segments[0].LastSequence <= acknowledged && !(_isAppending && _segments[0] == _openSegment))
            {
                if (_segments[0] == _openSegment)
                {
                    Close();
                }

                trimmed.Add(_segments[0]);
                _segments.RemoveAt(0);
            }
        }

        foreach (var segment in trimmed)
        {
            Interlocked.Add(ref _bytes, -segment.Length);
            _disk.Delete(segment.Path);
        }

        if (acknowledged != _head.Stored)
        {
            _head.Store(acknowledged);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }

        _reader.Dispose();
        _head.Dispose();
    }

    private SpoolSegment StartSegment(long first)
    {
        var segment = new SpoolSegment(SpoolSegment.PathOf(_folder, first), first) { Length = SpoolSegment.HeadBytes };
        _disk.Delete(segment.Path);
        segment.Handle = _disk.Open(segment.Path);
        _openSegment = segment;
        segment.Handle.Write(0, SpoolSegment.Head());
        _disk.FlushFolder(_folder);
        lock (_gate)
        {
            _segments.Add(segment);
            Interlocked.Add(ref _bytes, segment.Length);
        }

        return segment;
    }

    private long Write(SpoolSegment segment, IReadOnlyList<OutgoingRecord> records, long first, long now)
    {
        var heads = new byte[records.Count * SpoolFrame.HeadBytes];
        var pieces = new List<ReadOnlyMemory<byte>>(records.Count * 2);
        long bytes = 0;
        for (var index = 0; index < records.Count; index++)
        {
            var frame = SpoolFrame.Of(first + index, now, records[index]);
            var head = heads.AsMemory(index * SpoolFrame.HeadBytes, SpoolFrame.HeadBytes);
            frame.Write(head.Span);
            pieces.Add(head);
            pieces.Add(records[index].Value);
            bytes += frame.Bytes;
        }

        segment.Handle!.Write(segment.Length, pieces);
        segment.Handle.Flush();
        Interlocked.Increment(ref _flushes);
        return bytes;
    }

    /// <summary>Closes the file after a failed append, because it is unknown which bytes reached the disk.</summary>
    private void AbandonSegment()
    {
        if (_openSegment is not { } segment)
        {
            return;
        }

        try
        {
            segment.Handle?.Truncate(segment.Length);
        }
        catch (IOException)
        {
            // The reader skips records after the last durable one, because the next file repeats their numbers.
        }

        lock (_gate)
        {
            Close();
            if (segment.LastSequence < segment.FirstSequence && _segments.Remove(segment))
            {
                Interlocked.Add(ref _bytes, -segment.Length);
            }
        }
    }

    private void Close()
    {
        _openSegment?.Handle?.Dispose();
        if (_openSegment is { } segment)
        {
            segment.Handle = null;
        }

        _openSegment = null;
    }
}
