using CloudTicks.Collection.Spool;
using CloudTicks.Foundations;

namespace CloudTicks.Collection.Delivery;

internal sealed partial class RecordDelivery
{
    private const int SegmentShare = 16;
    private const long MinSegmentBytes = 1 << 20;
    private const long MaxSegmentBytes = 64 << 20;
    private const long TypicalRecordBytes = 256 << 10;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(1);

    private readonly PeriodicTimer _looks;
    private int _pressure;
    private volatile string? _trouble;
    private long _troubleSaidAt;
    private bool _isShortSaid;
    private bool _isTrimTroubleSaid;

    /// <summary>What the spool has and is doing.</summary>
    public SpoolStatus GetStatus()
    {
        lock (_gate)
        {
            var state = !_isSpooling ? _spool.Records > 0 ? SpoolStatus.Draining : SpoolStatus.Empty : _isStalled ? SpoolStatus.Filling : SpoolStatus.Draining;
            return new SpoolStatus
            {
                State = state,
                Bytes = _spool.Bytes,
                Records = _spool.Records,
                OldestMs = _spool.OldestMs,
                LimitBytes = _room.Limit(_spool.Bytes),
                FreeBytes = _room.FreeBytes,
                Pressure = Pressure.ToString().ToLowerInvariant(),
                Trouble = _trouble,
                SpooledTicks = _counters.Spool.SpooledTicks,
                DrainedTicks = _counters.Spool.DrainedTicks,
                EarlierTicks = _counters.Spool.EarlierTicks,
                ConflatedTicks = _counters.Spool.ConflatedTicks,
                RefusedTicks = _counters.Spool.RefusedTicks,
                DamagedRecords = _counters.Spool.DamagedRecords,
                LettersLeftOut = _counters.Spool.LettersLeftOut,
                Flushes = _spool.Flushes,
            };
        }
    }

    /// <summary>Looks whether the sink answers, deletes what was delivered, and watches the disk.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (await _looks.WaitForNextTickAsync(cancellationToken))
        {
            lock (_gate)
            {
                if (!_isStalled && _handed.First is { Value: var oldest } && _time.GetElapsedTime(Math.Max(oldest.HandedAt, _answeredAt)) >= Patience)
                {
                    _isStalled = true;
                    if (!_isSpooling)
                    {
                        StartSpooling();
                    }
                }
            }

            TrimSpool();
            LookAtRoom();
        }
    }

    private void TrimSpool()
    {
        try
        {
            _spool.Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost: what is delivered already is deleted at the next start, or sent twice.
            if (!_isTrimTroubleSaid)
            {
                _isTrimTroubleSaid = true;
                _logger.SpoolNotTrimmed(_options.Folder, exception.Message);
            }
        }
    }

    private void LookAtRoom()
    {
        _room.Look();
        _counters.Spool.Look(_spool.Bytes, _spool.Records, _spool.Flushes);
        var isShort = _room.Limit(_spool.Bytes) < _room.MaxBytes;
        if (isShort != _isShortSaid)
        {
            _isShortSaid = isShort;
            if (isShort)
            {
                _logger.DiskShort(_options.Folder, new(_room.FreeBytes), new(_room.Limit(_spool.Bytes)), new(_room.MaxBytes));
            }
        }

        TaskCompletionSource? roomMade;
        lock (_gate)
        {
            JudgePressure();
            (roomMade, _roomMade) = (_roomMade, null);
        }

        roomMade?.SetResult();
    }

    /// <summary>Under the lock.</summary>
    private void JudgePressure()
    {
        var pressure = !_isSpooling || _options.FeedWaits ? SpoolPressure.None
            : _trouble is not null ? SpoolPressure.Refuse
            : _room.Judge(_spool.Bytes, _unwrittenBytes);
        var before = (SpoolPressure)Interlocked.Exchange(ref _pressure, (int)pressure);
        if (pressure == before)
        {
            return;
        }

        var (bytes, limit) = (_spool.Bytes, _room.Limit(_spool.Bytes));
        switch (pressure)
        {
            case SpoolPressure.Refuse:
                _logger.SpoolFull(_options.Folder, new(bytes), new(limit));
                break;
            case SpoolPressure.Conflate:
                _logger.SpoolNearlyFull(_options.Folder, new(bytes), new(limit));
                break;
            default:
                _logger.SpoolHasRoom(_options.Folder);
                break;
        }
    }

    private void RequireRoom(List<DeliveryRecord> group)
    {
        var bytes = group.Sum(delivery => delivery.Cost);
        if (_room.Look() < bytes)
        {
            throw new IOException($"less than {new ByteSize(_room.ReserveBytes + bytes)} are free");
        }
    }

    private void OnWritable()
    {
        if (_trouble is not null)
        {
            _trouble = null;
            _logger.SpoolWritable(_options.Folder);
        }
    }

    /// <summary>The disk takes nothing. What waits for it stays in memory; when the sink takes records, it goes there.</summary>
    private void OnUnwritable(Exception exception)
    {
        SayTrouble(exception.Message.TrimEnd('.'));
        lock (_gate)
        {
            if (_spool.IsRead && !_isStalled && !_isClosing && !_isDraining)
            {
                foreach (var delivery in _unwritten)
                {
                    if (!delivery.IsHanded)
                    {
                        _waiting.AddLast(delivery);
                    }
                }

                _unwritten.Clear();
                _unwrittenBytes = 0;
                _isSpooling = false;
                _trouble = null;
                HandOver();
            }

            JudgePressure();
        }
    }

    private void SayTrouble(string reason)
    {
        if (_trouble is null || _time.GetElapsedTime(_troubleSaidAt) >= BetweenReminders)
        {
            _troubleSaidAt = _time.GetTimestamp();
            _logger.SpoolUnwritable(_options.Folder, reason);
        }

        _trouble = reason;
    }
}
