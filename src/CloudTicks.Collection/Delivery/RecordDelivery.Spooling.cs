using CloudTicks.Collection.Spool;
using CloudTicks.Polygon.Sessions;

namespace CloudTicks.Collection.Delivery;

internal sealed partial class RecordDelivery
{
    private const int MaxGroupRecords = 512;
    private const long MaxGroupBytes = 16 << 20;

    /// <summary>After so long without an acknowledgement the sink is taken to be away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly Queue<DeliveryRecord> _unwritten = new();
    private readonly WakeSignal _toWrite;
    private readonly WakeSignal _toDrain;
    private readonly long _earlierUpTo;
    private bool _isSpooling;
    private bool _isDraining;
    private bool _isStalled;
    private bool _isClosing;
    private long _answeredAt;
    private long _unwrittenBytes;
    private long _handedUpTo;
    private long _spoolingSince;

    /// <summary>Everything that is not acknowledged goes to disk, in its order. Under the lock.</summary>
    private void StartSpooling()
    {
        _isSpooling = true;
        _spoolingSince = _time.GetTimestamp();
        foreach (var delivery in _handed)
        {
            if (delivery.Sequence == 0)
            {
                AddUnwritten(delivery);
            }
        }

        foreach (var delivery in _waiting)
        {
            AddUnwritten(delivery);
        }

        _waiting.Clear();
        _toWrite.Set();
        _toDrain.Set();
        if (!_isClosing)
        {
            _logger.SpoolingStarted(_isStalled ? "acknowledges nothing" : "is slower than the feed", _options.Folder);
        }
    }

    /// <summary>Under the lock.</summary>
    private bool TrySpool(DeliveryRecord delivery)
    {
        if (!_isSpooling)
        {
            StartSpooling();
        }

        if ((_unwrittenBytes > 0 && _unwrittenBytes + delivery.Cost > MaxUnwrittenBytes)
            || (_options.FeedWaits && !_isClosing && delivery.Record.Ticks > 0 && _room.Judge(_spool.Bytes, _unwrittenBytes) != SpoolPressure.None))
        {
            return false;
        }

        _bytes += delivery.Cost;
        AddUnwritten(delivery);
        _counters.RecordSent();
        JudgePressure();
        _toWrite.Set();
        return true;
    }

    private void AddUnwritten(DeliveryRecord delivery)
    {
        _unwritten.Enqueue(delivery);
        _unwrittenBytes += delivery.Cost;
    }

    /// <summary>Writes what waits for the disk, all of it by one flush.</summary>
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _toWrite.WaitAsync(null, cancellationToken);
            for (var (group, covered) = NextGroup(); covered > 0; (group, covered) = NextGroup())
            {
                if (!TryAppend(group, covered))
                {
                    await Task.Delay(RetryPause, _time, cancellationToken);
                }
            }
        }
    }

    /// <returns>The records to write, and how many of the queue are done with when they are written.</returns>
    private (List<DeliveryRecord> Group, int Covered) NextGroup()
    {
        List<DeliveryRecord> group = [];
        var (covered, bytes) = (0, 0L);
        lock (_gate)
        {
            foreach (var delivery in _unwritten)
            {
                if (group.Count == MaxGroupRecords || (bytes > 0 && bytes + delivery.Cost > MaxGroupBytes))
                {
                    break;
                }

                covered++;
                if (!delivery.IsAcknowledged)
                {
                    group.Add(delivery);
                    bytes += delivery.Cost;
                }
            }
        }

        return (group, covered);
    }

    private bool TryAppend(List<DeliveryRecord> group, int covered)
    {
        var first = 0L;
        try
        {
            if (group.Count > 0)
            {
                RequireRoom(group);
                first = _spool.Append([.. group.Select(delivery => delivery.Record)], group.TakeWhile(delivery => delivery.IsHanded).Count());
                OnWritable();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            OnUnwritable(exception);
            return false;
        }

        TaskCompletionSource? roomMade;
        lock (_gate)
        {
            for (var index = 0; index < group.Count; index++)
            {
                OnSpooled(group[index], first + index);
            }

            AcknowledgeSpooled();

            for (; covered > 0; covered--)
            {
                _unwrittenBytes -= _unwritten.Dequeue().Cost;
            }

            JudgePressure();
            (roomMade, _roomMade) = (_roomMade, null);
        }

        // Who waits for a record must not go on inside of this loop.
        ThreadPool.UnsafeQueueUserWorkItem(static done => done.ForEach(delivery => delivery.MakeSafe()), group, preferLocal: false);
        roomMade?.SetResult();
        _toDrain.Set();
        return true;
    }

    private void OnSpooled(DeliveryRecord delivery, long sequence)
    {
        delivery.Sequence = sequence;
        OnSafe(delivery);
        _counters.Spool.Spooled(delivery.Record.Ticks);
        if (delivery.IsHanded)
        {
            _handedUpTo = sequence;
            if (delivery.IsAcknowledged)
            {
                // The sink was faster than the disk.
                _counters.Spool.Drained(delivery.Record.Ticks);
            }
        }
        else
        {
            _bytes -= delivery.Cost;
            _counters.RecordPutAway();
        }
    }

    /// <summary>Hands the sink what is in the spool, from its head.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _toDrain.WaitAsync(null, cancellationToken);
            while (await DrainNextAsync())
            {
            }
        }
    }

    private async Task<bool> DrainNextAsync()
    {
        Task handing;
        lock (_gate)
        {
            if (!_isSpooling || _isStalled || _isClosing || _failure is not null || !MayHand(TypicalRecordBytes))
            {
                return false;
            }

            (_isDraining, handing) = (true, _handing);
        }

        try
        {
            await handing;
            if (!_spool.TryRead(out var spooled))
            {
                EndSpooling();
                return false;
            }

            var node = new LinkedListNode<DeliveryRecord>(new DeliveryRecord(spooled.Record) { Sequence = spooled.Sequence, IsSafe = true });
            ValueTask<Task> taken;
            lock (_gate)
            {
                _handedUpTo = spooled.Sequence;
                _bytes += node.Value.Cost;
                _counters.RecordSent();
                taken = Hand(node);
            }

            Await(node, await taken);
            return true;
        }
        finally
        {
            lock (_gate)
            {
                _isDraining = false;
                HandOver();
            }
        }
    }

    /// <summary>Everything was read: records go straight to the sink again, when none waits for the disk.</summary>
    private void EndSpooling()
    {
        lock (_gate)
        {
            if (_unwritten.Count == 0 && _spool.IsRead && !_isStalled)
            {
                (_isSpooling, _trouble) = (false, null);
                JudgePressure();
                var seconds = _time.GetElapsedTime(_spoolingSince).TotalSeconds;
                _logger.SpoolingEnded(seconds);
            }
        }
    }

    /// <summary>Under the lock.</summary>
    private void OnAcknowledged(DeliveryRecord delivery)
    {
        _counters.RecordAcknowledged(
            delivery.Record, isEarlier: delivery.Sequence > 0 && delivery.Sequence <= _earlierUpTo, _time.GetUtcNow().ToUnixTimeMilliseconds());
        if (delivery.Sequence > 0)
        {
            _counters.Spool.Drained(delivery.Record.Ticks);
        }

        AcknowledgeSpooled();
        if (_isSpooling)
        {
            _toDrain.Set();
        }
    }

    /// <summary>What the sink has acknowledged, without a hole, need not stay on disk. Under the lock.</summary>
    private void AcknowledgeSpooled() => _spool.Acknowledge(_handed.First is { Value.Sequence: > 0 and var first } ? first - 1 : _handedUpTo);

    private RecordSpool OpenSpool()
    {
        try
        {
            return RecordSpool.Open(
                _options.Folder, _options.Disk, Math.Clamp(_options.SpoolMaxBytes / SegmentShare, MinSegmentBytes, MaxSegmentBytes), _time,
                (path, bytes) =>
                {
                    _counters.Spool.Torn();
                    _logger.TornTail(path, new(bytes));
                    // It may have been whole once.
                    _options.OnGapsLost(null);
                });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CollectorException(
                $"The spool in {_options.Folder} cannot be opened ({exception.Message.TrimEnd('.')}): let this user write there, make room, or set Collector:DataFolder to another folder.",
                exception);
        }
    }
}
