namespace CloudTicks.Collection.Delivery;

/// <summary>
/// Decides which record the sink gets next, which records are written to disk next, and whether the spool may be drained. Has no I/O, clock
/// or lock. Normally records go directly to the sink. When the sink has acknowledged nothing for a second, or the memory is full, all
/// unacknowledged and all new records go to disk. Records that the sink already holds are not read back from disk. Once the whole spool has
/// been handed over, records go directly to the sink again.
/// </summary>
internal sealed class DeliveryState
{
    /// <summary>Maximum bytes of records in memory, including those that the sink holds: some seconds of a busy feed.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>Maximum bytes that the sink holds; below the limit at which a producer makes its callers wait.</summary>
    private const long MaxHandedOverBytes = 24 << 20;

    /// <summary>
    /// Maximum bytes queued for writing to disk: more than <see cref="MaxBytes"/>, because all records in memory may be queued at once.
    /// When it is exceeded, the sender waits.
    /// </summary>
    private const long MaxUnwrittenBytes = MaxBytes + (MaxBytes / 2);

    private const int MaxGroupRecords = 512;
    private const long MaxGroupBytes = 16 << 20;
    private const long TypicalRecordBytes = 256 << 10;

    /// <summary>The sink counts as stalled when it has acknowledged nothing for this long.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(1);

    private readonly bool _feedWaits;
    private readonly long _earlierRunLastSequence;
    private readonly Queue<DeliveryRecord> _waitingRecords = new();
    private readonly LinkedList<DeliveryRecord> _handedOverRecords = new();
    private readonly Queue<DeliveryRecord> _unwrittenRecords = new();
    private bool _isHandingOver;
    private bool _isDraining;
    private long _bytes;
    private long _handedOverBytes;
    private long _unsafeCount;
    private long _handedOverUpTo;
    private TimeSpan _acknowledgedAt;

    /// <param name="feedWaits">Whether the sender waits for a slow sink; otherwise records are written to disk.</param>
    /// <param name="lastSequence">The number of the last record that an earlier run left in the spool.</param>
    public DeliveryState(bool feedWaits, long lastSequence, long records)
    {
        (_feedWaits, _earlierRunLastSequence, _handedOverUpTo) = (feedWaits, lastSequence, lastSequence - records);
        IsSpooling = records > 0;
    }

    public bool IsSpooling { get; private set; }

    public bool IsStalled { get; private set; }

    /// <summary>Whether the run is ending. The sink then gets no more records.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Why no more records are accepted; null while records are accepted.</summary>
    public Exception? Failure { get; private set; }

    public long UnwrittenBytes { get; private set; }

    public bool IsEverythingSafe => _unsafeCount == 0;

    /// <summary>
    /// The number of the last spooled record that can be deleted: the sink has acknowledged this record and all records before it.
    /// </summary>
    public long AcknowledgedUpTo => _handedOverRecords.First is { Value.Sequence: > 0 and var first } ? first - 1 : _handedOverUpTo;

    public bool IsEarlier(DeliveryRecord record) => record.Sequence > 0 && record.Sequence <= _earlierRunLastSequence;

    /// <summary>
    /// Offers a record; false when the sender must wait for room. <paramref name="hasRoomOnDisk"/> matters only if the feed waits.
    /// </summary>
    public bool TryAccept(DeliveryRecord record, bool hasRoomOnDisk)
    {
        if (!IsSpooling && !IsClosing)
        {
            if (_bytes == 0 || _bytes + record.Cost <= MaxBytes)
            {
                _waitingRecords.Enqueue(record);
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
        if (Failure is not null || _isDraining || _isHandingOver || !_waitingRecords.TryPeek(out var next) || !CanHandOver(next.Cost))
        {
            return null;
        }

        _isHandingOver = true;
        return MarkHandedOver(_waitingRecords.Dequeue(), now);
    }

    /// <summary>Called when the sink has accepted or refused the record of <see cref="NextForSink"/>.</summary>
    public void OnAccepted() => _isHandingOver = false;

    public void OnAcknowledged(DeliveryRecord record, TimeSpan now)
    {
        record.IsAcknowledged = true;
        _handedOverRecords.Remove(record.Node);
        _handedOverBytes -= record.Cost;
        _bytes -= record.Cost;
        (_acknowledgedAt, IsStalled) = (now, false);
        OnSafe(record);
    }

    /// <summary>The records to write to disk with one flush. <see cref="OnWritten"/> or <see cref="OnUnwritable"/> must follow.</summary>
    public SpoolGroup NextForDisk()
    {
        List<DeliveryRecord> records = [];
        var (covered, bytes) = (0, 0L);
        foreach (var record in _unwrittenRecords)
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
            if (record.IsHandedOver)
            {
                _handedOverUpTo = record.Sequence;
            }
            else
            {
                _bytes -= record.Cost;
            }
        }

        for (var covered = group.Covered; covered > 0; covered--)
        {
            UnwrittenBytes -= _unwrittenRecords.Dequeue().Cost;
        }
    }

    /// <summary>
    /// Called when the disk cannot be written. If the sink is not stalled and the spool was read to its end, the records that wait for the
    /// disk go directly to the sink instead.
    /// </summary>
    /// <returns>Whether the records go to the sink; otherwise they wait for the disk.</returns>
    public bool OnUnwritable(bool isSpoolRead)
    {
        if (!isSpoolRead || IsStalled || IsClosing || _isDraining)
        {
            return false;
        }

        foreach (var record in _unwrittenRecords.Where(record => !record.IsHandedOver))
        {
            _waitingRecords.Enqueue(record);
        }

        _unwrittenRecords.Clear();
        (UnwrittenBytes, IsSpooling) = (0, false);
        return true;
    }

    /// <summary>Begins to drain one record if the sink has room for it. If this returns true, <see cref="EndDrain"/> must follow.</summary>
    public bool TryBeginDrain() =>
        _isDraining = IsSpooling && !IsStalled && !IsClosing && Failure is null && CanHandOver(TypicalRecordBytes);

    /// <summary>Called when a record was read from the spool and is being handed to the sink.</summary>
    public void OnRead(DeliveryRecord record, TimeSpan now)
    {
        _handedOverUpTo = record.Sequence;
        _bytes += record.Cost;
        MarkHandedOver(record, now);
    }

    /// <summary>Ends spooling if the sink is not stalled, the whole spool was handed over, and no record waits for the disk.</summary>
    public bool TryEndSpooling(bool isSpoolRead)
    {
        var isOver = _unwrittenRecords.Count == 0 && isSpoolRead && !IsStalled;
        IsSpooling &= !isOver;
        return isOver;
    }

    public void EndDrain() => _isDraining = false;

    /// <summary>Marks the sink as stalled and starts spooling if it has acknowledged nothing for <see cref="StallTimeout"/>.</summary>
    public void CheckTimeouts(TimeSpan now)
    {
        if (!IsStalled && _handedOverRecords.First is { Value.HandedOverAt: var handedAt } && now - handedAt >= StallTimeout
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

    /// <summary>Stops the delivery, because the sink permanently refused a record or a loop failed. The first reason is kept.</summary>
    public void Fail(Exception reason) => Failure ??= reason;

    private bool CanHandOver(long cost) => _handedOverBytes == 0 || _handedOverBytes + cost <= MaxHandedOverBytes;

    private void Accept(DeliveryRecord record)
    {
        _bytes += record.Cost;
        _unsafeCount++;
    }

    private DeliveryRecord MarkHandedOver(DeliveryRecord record, TimeSpan now)
    {
        (record.IsHandedOver, record.HandedOverAt) = (true, now);
        _handedOverRecords.AddLast(record.Node);
        _handedOverBytes += record.Cost;
        return record;
    }

    private void StartSpooling()
    {
        if (IsSpooling)
        {
            return;
        }

        IsSpooling = true;
        foreach (var record in _handedOverRecords.Where(record => record.Sequence == 0).Concat(_waitingRecords))
        {
            AddUnwritten(record);
        }

        _waitingRecords.Clear();
    }

    private void AddUnwritten(DeliveryRecord record)
    {
        _unwrittenRecords.Enqueue(record);
        UnwrittenBytes += record.Cost;
    }

    private void OnSafe(DeliveryRecord record)
    {
        _unsafeCount -= record.IsSafe ? 0 : 1;
        record.IsSafe = true;
    }
}
