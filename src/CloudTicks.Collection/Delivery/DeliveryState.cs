namespace CloudTicks.Collection.Delivery;

/// <summary>
/// Decides, without I/O, clock or lock, the destination of each record: which one the sink gets next, which are written to disk next, and
/// whether the spool may be drained. While the sink accepts records, they go directly to it. When it has acknowledged nothing for a
/// second, or the memory is full, all unacknowledged and all new records go to disk; records that the sink already holds are not read
/// back. Once the whole spool has been handed over, records go directly to the sink again.
/// </summary>
internal sealed class DeliveryState
{
    /// <summary>Maximum bytes of records in memory, including those that the sink holds: some seconds of a busy feed.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>Maximum bytes that the sink holds; below the limit at which a producer makes its callers wait.</summary>
    private const long MaxHandedBytes = 24 << 20;

    /// <summary>
    /// Maximum bytes queued for writing to disk: more than <see cref="MaxBytes"/>, because all records in memory may be queued at once.
    /// Above it the sender waits.
    /// </summary>
    private const long MaxUnwrittenBytes = MaxBytes + (MaxBytes / 2);

    private const int MaxGroupRecords = 512;
    private const long MaxGroupBytes = 16 << 20;
    private const long TypicalRecordBytes = 256 << 10;

    /// <summary>The sink counts as stalled when it has acknowledged nothing for this long.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(1);

    private readonly bool _feedWaits;
    private readonly long _earlierRunUpTo;
    private readonly Queue<DeliveryRecord> _waiting = new();
    private readonly LinkedList<DeliveryRecord> _handed = new();
    private readonly Queue<DeliveryRecord> _unwritten = new();
    private bool _isHanding;
    private bool _isDraining;
    private long _bytes;
    private long _handedBytes;
    private long _unsafe;
    private long _handedUpTo;
    private TimeSpan _acknowledgedAt;

    /// <param name="feedWaits">Whether the sender waits for a slow sink; otherwise records are written to disk.</param>
    /// <param name="lastSequence">The number of the last record that an earlier run left in the spool.</param>
    public DeliveryState(bool feedWaits, long lastSequence, long records)
    {
        (_feedWaits, _earlierRunUpTo, _handedUpTo) = (feedWaits, lastSequence, lastSequence - records);
        IsSpooling = records > 0;
    }

    public bool IsSpooling { get; private set; }

    public bool IsStalled { get; private set; }

    /// <summary>Whether the run is ending, so the sink gets no more records.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Why no more records are accepted; null while they are.</summary>
    public Exception? Failure { get; private set; }

    public long UnwrittenBytes { get; private set; }

    public bool IsEverythingSafe => _unsafe == 0;

    /// <summary>The last record of the spool that can be deleted: the sink has acknowledged it and all before it.</summary>
    public long AcknowledgedUpTo => _handed.First is { Value.Sequence: > 0 and var first } ? first - 1 : _handedUpTo;

    public bool IsEarlier(DeliveryRecord record) => record.Sequence > 0 && record.Sequence <= _earlierRunUpTo;

    /// <summary>
    /// Offers a record; false when the sender must wait for room. <paramref name="hasRoomOnDisk"/> matters only if the feed waits.
    /// </summary>
    public bool TryAccept(DeliveryRecord record, bool hasRoomOnDisk)
    {
        if (!IsSpooling && !IsClosing)
        {
            if (_bytes == 0 || _bytes + record.Cost <= MaxBytes)
            {
                _waiting.Enqueue(record);
                Accept(record);
                return true;
            }

            if (_feedWaits)
            {
                return false;
            }
        }

        StartSpooling();
        if ((UnwrittenBytes > 0 && UnwrittenBytes + record.Cost > MaxUnwrittenBytes)
            || (_feedWaits && !IsClosing && record.Record.Ticks > 0 && !hasRoomOnDisk))
        {
            return false;
        }

        AddUnwritten(record);
        Accept(record);
        return true;
    }

    /// <summary>The record to hand to the sink now; null when there is none. <see cref="OnAccepted"/> must follow.</summary>
    public DeliveryRecord? NextForSink(TimeSpan now)
    {
        if (Failure is not null || _isDraining || _isHanding || !_waiting.TryPeek(out var next) || !MayHand(next.Cost))
        {
            return null;
        }

        _isHanding = true;
        return Hand(_waiting.Dequeue(), now);
    }

    /// <summary>The sink has accepted or refused the record of <see cref="NextForSink"/>.</summary>
    public void OnAccepted() => _isHanding = false;

    public void OnAcknowledged(DeliveryRecord record, TimeSpan now)
    {
        record.IsAcknowledged = true;
        _handed.Remove(record.Node);
        _handedBytes -= record.Cost;
        _bytes -= record.Cost;
        (_acknowledgedAt, IsStalled) = (now, false);
        OnSafe(record);
    }

    /// <summary>The records to write to disk with one flush. <see cref="OnWritten"/> or <see cref="OnUnwritable"/> must follow.</summary>
    public SpoolGroup NextForDisk()
    {
        List<DeliveryRecord> records = [];
        var (covered, bytes) = (0, 0L);
        foreach (var record in _unwritten)
        {
            if (records.Count == MaxGroupRecords || (bytes > 0 && bytes + record.Cost > MaxGroupBytes))
            {
                break;
            }

            covered++;
            if (!record.IsAcknowledged)
            {
                records.Add(record);
                bytes += record.Cost;
            }
        }

        return new SpoolGroup(records, covered);
    }

    public void OnWritten(SpoolGroup group, long first)
    {
        foreach (var record in group.Records)
        {
            record.Sequence = first++;
            OnSafe(record);
            if (record.IsHanded)
            {
                _handedUpTo = record.Sequence;
            }
            else
            {
                _bytes -= record.Cost;
            }
        }

        for (var covered = group.Covered; covered > 0; covered--)
        {
            UnwrittenBytes -= _unwritten.Dequeue().Cost;
        }
    }

    /// <summary>The disk cannot be written. If the sink accepts records, they return to memory and go directly to it.</summary>
    /// <returns>Whether the records go to the sink; otherwise they wait for the disk.</returns>
    public bool OnUnwritable(bool isSpoolRead)
    {
        if (!isSpoolRead || IsStalled || IsClosing || _isDraining)
        {
            return false;
        }

        foreach (var record in _unwritten.Where(record => !record.IsHanded))
        {
            _waiting.Enqueue(record);
        }

        _unwritten.Clear();
        (UnwrittenBytes, IsSpooling) = (0, false);
        return true;
    }

    /// <summary>Begins to drain one record if the sink has room for it. If this returns true, <see cref="EndDrain"/> must follow.</summary>
    public bool TryBeginDrain() =>
        _isDraining = IsSpooling && !IsStalled && !IsClosing && Failure is null && MayHand(TypicalRecordBytes);

    /// <summary>A record was read from the spool and is being handed to the sink.</summary>
    public void OnRead(DeliveryRecord record, TimeSpan now)
    {
        _handedUpTo = record.Sequence;
        _bytes += record.Cost;
        Hand(record, now);
    }

    /// <summary>Ends spooling if the whole spool was handed over and no record waits for the disk.</summary>
    public bool TryEndSpooling(bool isSpoolRead)
    {
        var isOver = _unwritten.Count == 0 && isSpoolRead && !IsStalled;
        IsSpooling &= !isOver;
        return isOver;
    }

    public void EndDrain() => _isDraining = false;

    /// <summary>Starts spooling if the sink has acknowledged nothing for too long.</summary>
    public void CheckTimeouts(TimeSpan now)
    {
        if (!IsStalled && _handed.First is { Value.HandedAt: var handedAt } && now - handedAt >= StallTimeout
            && now - _acknowledgedAt >= StallTimeout)
        {
            IsStalled = true;
            StartSpooling();
        }
    }

    /// <summary>Ends the run: all unacknowledged records go to disk.</summary>
    public void Close()
    {
        IsClosing = true;
        if (_bytes > 0)
        {
            StartSpooling();
        }
    }

    /// <summary>The sink refused a record permanently, or a loop failed.</summary>
    public void Fail(Exception reason) => Failure ??= reason;

    private bool MayHand(long cost) => _handedBytes == 0 || _handedBytes + cost <= MaxHandedBytes;

    private void Accept(DeliveryRecord record)
    {
        _bytes += record.Cost;
        _unsafe++;
    }

    private DeliveryRecord Hand(DeliveryRecord record, TimeSpan now)
    {
        (record.IsHanded, record.HandedAt) = (true, now);
        _handed.AddLast(record.Node);
        _handedBytes += record.Cost;
        return record;
    }

    private void StartSpooling()
    {
        if (IsSpooling)
        {
            return;
        }

        IsSpooling = true;
        foreach (var record in _handed.Where(record => record.Sequence == 0).Concat(_waiting))
        {
            AddUnwritten(record);
        }

        _waiting.Clear();
    }

    private void AddUnwritten(DeliveryRecord record)
    {
        _unwritten.Enqueue(record);
        UnwrittenBytes += record.Cost;
    }

    private void OnSafe(DeliveryRecord record)
    {
        _unsafe -= record.IsSafe ? 0 : 1;
        record.IsSafe = true;
    }
}
