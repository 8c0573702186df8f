using System.Diagnostics;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.EventStream.Pacing;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>
/// Packs ticks into records, one open record per partition, and hands the records to the delivery. Full records are sent by
/// <see cref="SendFullAsync"/>, which the caller calls after each frame. Open records are sent in rounds. A round skips partitions that
/// have <see cref="MaxInFlight"/> records in flight, so records grow when the event hub is slow and stay small when it is fast. Not
/// thread-safe: one loop uses it.
/// </summary>
internal sealed class TickBatcher
{
    /// <summary>
    /// A round skips a partition that has this many records in flight. With a limit of one, the event hub would be idle between two
    /// records; a limit above two would only make records smaller.
    /// </summary>
    public const int MaxInFlight = 2;

    /// <summary>
    /// Minimum time between two rounds when there is no linger, because each round costs a flush at the event hub and a wake-up of each
    /// reader. A tick after a pause is sent immediately. The median tick waits half the interval; its budget from receipt to NATS is 10 ms.
    /// </summary>
    public static readonly TimeSpan RoundInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Minimum time from a round with fewer than <see cref="SparseTicks"/> ticks to the next round. Longer than
    /// <see cref="RoundInterval"/>, because a small round costs more per tick.
    /// </summary>
    public static readonly TimeSpan SparseRoundInterval = TimeSpan.FromMilliseconds(16);

    public const int SparseTicks = 4;

    private const long NoLinger = -1;

    private static readonly TimeSpan MaxHoldTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReleaseInterval = TimeSpan.FromMilliseconds(250);

    private readonly RecordDelivery _delivery;
    private readonly TickShedding _shedding;
    private readonly TimeProvider _time;
    private long _linger;
    private volatile AdaptiveLinger? _adaptiveLinger;
    private readonly Action _wake;
    private readonly PartitionBatch[] _partitions;
    private readonly Queue<PackedRecord> _packedRecords = new();
    private long _lastReleaseAt;
    private long? _lastRoundAt;
    private int _lastRoundTicks;
    private volatile bool _isRoomAwaited;

    /// <param name="wake">
    /// Called from any thread: when a record fails, when a record is acknowledged or spooled while <see cref="MaxInFlight"/> blocks a
    /// partition, and when <see cref="Linger"/> is set.
    /// </param>
    public TickBatcher(RecordDelivery delivery, TickShedding shedding, int partitions, TimeSpan? linger, TimeProvider time, Action wake)
    {
        (_delivery, _shedding, _linger, _time, _wake) = (delivery, shedding, linger?.Ticks ?? NoLinger, time, wake);
        _partitions = [.. Enumerable.Range(0, partitions).Select(partition => new PartitionBatch(partition))];
    }

    /// <summary>
    /// How long a tick waits for other ticks to share its record; null for <see cref="RoundInterval"/>. May be set from any thread.
    /// </summary>
    public TimeSpan? Linger
    {
        get => Interlocked.Read(ref _linger) is var ticks && ticks != NoLinger ? TimeSpan.FromTicks(ticks) : null;
        set
        {
            Interlocked.Exchange(ref _linger, value?.Ticks ?? NoLinger);
            _wake();
        }
    }

    /// <summary>Overrides <see cref="Linger"/> unless null. May be set from any thread; only the batcher's loop reads it.</summary>
    public AdaptiveLinger? Pace
    {
        get => _adaptiveLinger;
        set => _adaptiveLinger = value;
    }

    public int Partitions => _partitions.Length;

    public bool IsTraced { get; init; } = true;

    /// <summary>Adds a tick to its partition, unless <see cref="TickShedding"/> holds it back or drops it.</summary>
    public void Add(int partition, scoped in Tick tick)
    {
        var pressure = _delivery.Pressure;
        if ((pressure != SpoolPressure.None || _shedding.IsActive)
            && !_shedding.Admit(pressure, partition, tick, _time.GetTimestamp(), out var older))
        {
            if (older is not null)
            {
                Pack(partition, older.Release());
            }

            return;
        }

        Pack(partition, tick);
    }

    /// <summary>Sends every full record, however many are in flight.</summary>
    public async ValueTask SendFullAsync(CancellationToken cancellationToken)
    {
        while (_packedRecords.TryDequeue(out var packed))
        {
            packed.Batch.RemoveSafe();
            var whenSafe = await _delivery.SendAsync(packed.Record, cancellationToken);
            RecordTrace.EndWith(packed.Trace, whenSafe);
            Pace?.Sent();
            packed.Batch.Track(whenSafe);
            _ = whenSafe.ContinueWith(
                static (task, batcher) => ((TickBatcher)batcher!).OnSafe(task), this, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Sends every full record, and starts a round if one is due.</summary>
    /// <returns>
    /// The time after which this method must be called again, for the next round or for held quotes; null when neither is pending.
    /// </returns>
    public async ValueTask<TimeSpan?> SendAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        TimeSpan? next = null;
        if (_shedding.IsActive)
        {
            ReleaseHeld(isAll: false, now);
            next = ReleaseInterval;
        }

        await SendFullAsync(cancellationToken);
        // Set before the partitions are checked: a record that is acknowledged or spooled after this check must wake the caller.
        _isRoomAwaited = true;
        Interlocked.MemoryBarrier();
        var oldestAt = OldestSendable();
        _isRoomAwaited = Array.Exists(_partitions, IsBlocked);
        if (oldestAt is not { } oldest)
        {
            return next;
        }

        var remaining = TimeUntilDue(oldest, now);
        if (remaining > TimeSpan.Zero)
        {
            return next is null || remaining < next ? remaining : next;
        }

        (_lastRoundAt, _lastRoundTicks) = (now, 0);
        foreach (var batch in _partitions)
        {
            if (CanSend(batch))
            {
                _lastRoundTicks += batch.Builder.Count;
                Close(batch);
            }
        }

        await SendFullAsync(cancellationToken);
        return next;
    }

    /// <summary>Sends all remaining ticks and waits until their records are acknowledged or on disk.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        ReleaseHeld(isAll: true, _time.GetTimestamp());
        _shedding.End();
        Array.ForEach(_partitions, Close);
        await SendFullAsync(cancellationToken);
        foreach (var batch in _partitions)
        {
            while (batch.InFlight > 0)
            {
                await batch.OldestInFlight.WaitAsync(cancellationToken);
                batch.RemoveSafe();
            }
        }
    }

    private static bool CanSend(PartitionBatch batch) => batch.Builder.Count > 0 && batch.InFlight < MaxInFlight;

    private static bool IsBlocked(PartitionBatch batch) => batch.Builder.Count > 0 && batch.InFlight >= MaxInFlight;

    /// <summary>The earliest <see cref="PartitionBatch.OldestAt"/> of the partitions that can send; null when none can.</summary>
    private long? OldestSendable()
    {
        long? oldest = null;
        foreach (var batch in _partitions)
        {
            batch.RemoveSafe();
            if (CanSend(batch) && (oldest is null || batch.OldestAt < oldest))
            {
                oldest = batch.OldestAt;
            }
        }

        return oldest;
    }

    private TimeSpan TimeUntilDue(long oldest, long now) =>
        (Pace?.At(now) ?? Linger) is { } linger ? linger - _time.GetElapsedTime(oldest, now)
        : _lastRoundAt is { } sent ? (_lastRoundTicks < SparseTicks ? SparseRoundInterval : RoundInterval) - _time.GetElapsedTime(sent, now)
        : TimeSpan.Zero;

    private void Pack(int partition, scoped in Tick tick)
    {
        var batch = _partitions[partition];
        if (batch.Builder.Count == 0)
        {
            batch.OldestAt = _time.GetTimestamp();
        }

        batch.Builder.Add(tick);
        if (!batch.Builder.HasRoom)
        {
            Close(batch);
        }
    }

    /// <summary>
    /// Packs the quotes that were held for at least <see cref="MaxHoldTime"/>, or all held quotes when <paramref name="isAll"/> is true or
    /// the spool has room again.
    /// </summary>
    private void ReleaseHeld(bool isAll, long now)
    {
        _shedding.SetPressure(_delivery.Pressure);
        if (!isAll && _delivery.Pressure != SpoolPressure.None && _time.GetElapsedTime(_lastReleaseAt, now) < ReleaseInterval)
        {
            return;
        }

        _lastReleaseAt = now;
        foreach (var held in _shedding.DueQuotes(isAll, heldAt => _time.GetElapsedTime(heldAt, now) >= MaxHoldTime))
        {
            Pack(held.Partition, held.Release());
        }
    }

    /// <summary>Turns a partition's packed ticks into a record and queues it.</summary>
    private void Close(PartitionBatch batch)
    {
        if (batch.Builder.Count > 0)
        {
            var receivedAt = _time.GetUtcNow() - _time.GetElapsedTime(batch.OldestAt);
            var trace = IsTraced ? RecordTrace.Begin(batch.Partition, batch.Builder.Count, receivedAt) : null;
            var record = new OutgoingRecord(batch.Partition, batch.Builder.ToRecord(), batch.Builder.Count, TraceParent: trace?.Id);
            _packedRecords.Enqueue(new PackedRecord(batch, record, trace));
            batch.Builder.Clear();
        }
    }

    private void OnSafe(Task whenSafe)
    {
        if (_isRoomAwaited || !whenSafe.IsCompletedSuccessfully)
        {
            _wake();
        }
    }

    private readonly record struct PackedRecord(PartitionBatch Batch, OutgoingRecord Record, Activity? Trace);
}
