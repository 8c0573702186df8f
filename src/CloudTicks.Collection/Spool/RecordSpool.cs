using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>Records on disk in order, durable when <see cref="Append"/> returns. One appender, reader and trimmer, on any thread.</summary>
internal sealed class RecordSpool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Disk _disk;
    private readonly long _segmentBytes;
    private readonly TimeProvider _time;
    private readonly SpoolHead _head;
    private readonly List<SpoolSegment> _segments;
    private SpoolSegment? _appended;
    private bool _appending;
    private long _bytes;
    private long _lastSequence;
    private long _acknowledged;
    private long _appends;
    private readonly SpoolReader _reader;

    private RecordSpool(
        string folder, Disk disk, long segmentBytes, TimeProvider time, SpoolHead head, List<SpoolSegment> segments, long acknowledged,
        long lastSequence)
    {
        (_folder, _disk, _segmentBytes, _time, _head, _segments) = (folder, disk, segmentBytes, time, head, segments);
        (_acknowledged, _lastSequence, _bytes) = (acknowledged, lastSequence, segments.Sum(segment => segment.Length));
        _reader = new SpoolReader(disk, _gate, segments, () => LastSequence, () => Interlocked.Read(ref _acknowledged));
    }

    /// <summary>Receives each damage, on the thread that reads.</summary>
    public Action<SpoolDamage>? OnDamage
    {
        get => _reader.OnDamage;
        set => _reader.OnDamage = value;
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    public long LastSequence => Interlocked.Read(ref _lastSequence);

    public long Records => LastSequence - Interlocked.Read(ref _acknowledged);

    public bool IsRead => _reader.IsAtEnd;

    public long Flushes => Interlocked.Read(ref _appends);

    /// <summary>When the oldest record that is still on disk was spooled, Unix ms, UTC; null when there is none.</summary>
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

    /// <exception cref="CollectorException">A later version has written it.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
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

    /// <summary>Appends records and makes them durable; their numbers follow on each other.</summary>
    /// <exception cref="IOException">They are not durable, and may be appended again.</exception>
    public long Append(IReadOnlyList<OutgoingRecord> records, int handed = 0)
    {
        var first = LastSequence + 1;
        SpoolSegment segment;
        lock (_gate)
        {
            _appending = true;
        }

        try
        {
            segment = _appended ?? StartSegment(first);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var bytes = Write(segment, records, first, now);
            lock (_gate)
            {
                if (segment.LastSequence < segment.FirstSequence)
                {
                    segment.FirstSpooledMs = now;
                }

                if (handed > 0)
                {
                    _reader.SkipUpTo(first + handed - 1);
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
            Abandon();
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _appending = false;
            }
        }
    }

    public bool TryRead(out SpooledRecord record) => _reader.TryRead(out record);

    /// <summary>Records up to this number are of no more use.</summary>
    public void Acknowledge(long upTo)
    {
        if (upTo > Interlocked.Read(ref _acknowledged))
        {
            Interlocked.Exchange(ref _acknowledged, upTo);
        }
    }

    /// <summary>Deletes the files whose records were all acknowledged, and remembers how far that is.</summary>
    public void Trim()
    {
        var acknowledged = Interlocked.Read(ref _acknowledged);
        List<SpoolSegment> done = [];
        lock (_gate)
        {
            while (_segments.Count > 0 && _segments[0].LastSequence <= acknowledged && !(_appending && _segments[0] == _appended))
            {
                if (_segments[0] == _appended)
                {
                    Close();
                }

                done.Add(_segments[0]);
                _segments.RemoveAt(0);
            }
        }

        foreach (var segment in done)
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
        _appended = segment;
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
        Interlocked.Increment(ref _appends);
        return bytes;
    }

    /// <summary>After a failure nothing more is appended to the file: what of it is on disk is not known.</summary>
    private void Abandon()
    {
        if (_appended is not { } segment)
        {
            return;
        }

        try
        {
            segment.Handle?.Truncate(segment.Length);
        }
        catch (IOException)
        {
            // What stays behind the last durable record is passed over: the next file begins with the same numbers.
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
        _appended?.Handle?.Dispose();
        if (_appended is { } segment)
        {
            segment.Handle = null;
        }

        _appended = null;
    }
}
