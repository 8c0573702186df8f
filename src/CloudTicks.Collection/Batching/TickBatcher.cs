using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Spool;
using CloudTicks.EventStream.Pacing;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>
/// Packs ticks into records, one record a partition at a time, and hands them to the delivery. A record goes when it is full, or when its
/// first tick has waited for the linger and fewer than <see cref="MaxInFlight"/> records of its partition are under way: so records
/// grow by themselves when the hub is slow, and are small and early when it is not. One loop uses it; it is not thread-safe.
/// </summary>
internal sealed class TickBatcher
{
    /// <summary>Records of one partition under way. One would leave the hub idle between two, more would only make them smaller.</summary>
    public const int MaxInFlight = 2;

    private static readonly TimeSpan HeldTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenReleases = TimeSpan.FromMilliseconds(250);

    private readonly RecordDelivery _delivery;
    private readonly TickShedding _shedding;
    private readonly TimeProvider _time;
    private long _linger;
    private volatile AdaptiveLinger? _pace;
    private readonly Action _wake;
    private readonly PartitionBatch[] _partitions;
    private long _now;
    private long _releasedAt;

    /// <summary>Makes the batcher.</summary>
    /// <param name="delivery">Takes the records.</param>
    /// <param name="shedding">Asked while the spool is nearly full.</param>
    /// <param name="partitions">Partitions of the archive.</param>
    /// <param name="linger">How long a tick may wait for company.</param>
    /// <param name="time">Measures the linger.</param>
    /// <param name="wake">Called when a record is safe, from any thread.</param>
    public TickBatcher(RecordDelivery delivery, TickShedding shedding, int partitions, TimeSpan linger, TimeProvider time, Action wake)
    {
        (_delivery, _shedding, _linger, _time, _wake) = (delivery, shedding, linger.Ticks, time, wake);
        _partitions = [.. Enumerable.Range(0, partitions).Select(partition => new PartitionBatch(partition))];
        ReadClock();
    }

    /// <summary>How long a tick may wait for company; anyone may change it.</summary>
    public TimeSpan Linger
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _linger));
        set
        {
            Interlocked.Exchange(ref _linger, value.Ticks);
            _wake();
        }
    }

    /// <summary>Decides instead of <see cref="Linger"/>, where it is not null; anyone may change it, the batcher's loop alone uses it.</summary>
    public AdaptiveLinger? Pace
    {
        get => _pace;
        set => _pace = value;
    }

    /// <summary>Partitions of the archive.</summary>
    public int Partitions => _partitions.Length;

    /// <summary>Reads the clock, once for many ticks.</summary>
    public void ReadClock() => _now = _time.GetTimestamp();

    /// <summary>Adds a tick to its partition.</summary>
    /// <returns>False when the partition must be sent by <see cref="SendFullAsync"/> before its next tick.</returns>
    public bool Add(int partition, scoped in Tick tick)
    {
        var pressure = _delivery.Pressure;
        if (pressure != SpoolPressure.None || _shedding.IsActive)
        {
            if (!_shedding.Admit(pressure, partition, tick, _now, out var older))
            {
                return older is null || Pack(partition, older.Release());
            }
        }

        return Pack(partition, tick);
    }

    /// <summary>Sends every full record, however many are under way.</summary>
    public async ValueTask SendFullAsync(CancellationToken cancellationToken)
    {
        foreach (var batch in _partitions)
        {
            if (!batch.Builder.HasRoom)
            {
                batch.TakeSafe();
                await SendAsync(batch, cancellationToken);
            }
        }
    }

    /// <summary>Sends what has waited long enough, where it may.</summary>
    /// <returns>How long until the next is due; null when none waits for time.</returns>
    public async ValueTask<TimeSpan?> SendDueAsync(CancellationToken cancellationToken)
    {
        TimeSpan? next = null;
        if (_shedding.IsActive)
        {
            await ReleaseHeldAsync(isAll: false, cancellationToken);
            next = BetweenReleases;
        }

        foreach (var batch in _partitions)
        {
            batch.TakeSafe();
            if (batch.Builder.Count == 0 || batch.InFlight >= MaxInFlight)
            {
                continue;
            }

            var left = (Pace?.At(_now) ?? Linger) - _time.GetElapsedTime(batch.Since, _now);
            if (left <= TimeSpan.Zero)
            {
                await SendAsync(batch, cancellationToken);
            }
            else if (next is null || left < next)
            {
                next = left;
            }
        }

        return next;
    }

    /// <summary>Sends all that is left and waits until all of it is safe.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await ReleaseHeldAsync(isAll: true, cancellationToken);
        _shedding.End();
        foreach (var batch in _partitions)
        {
            if (batch.Builder.Count > 0)
            {
                await SendAsync(batch, cancellationToken);
            }
        }

        foreach (var batch in _partitions)
        {
            while (batch.InFlight > 0)
            {
                await batch.Oldest.WaitAsync(cancellationToken);
                batch.TakeSafe();
            }
        }
    }

    private bool Pack(int partition, scoped in Tick tick)
    {
        var batch = _partitions[partition];
        if (batch.Builder.Count == 0)
        {
            batch.Since = _now;
        }

        batch.Builder.Add(tick);
        return batch.Builder.HasRoom;
    }

    /// <summary>Packs the quotes that no later one of their second has replaced.</summary>
    private async ValueTask ReleaseHeldAsync(bool isAll, CancellationToken cancellationToken)
    {
        _shedding.Follow(_delivery.Pressure);
        if (!isAll && _delivery.Pressure != SpoolPressure.None && _time.GetElapsedTime(_releasedAt, _now) < BetweenReleases)
        {
            return;
        }

        _releasedAt = _now;
        foreach (var held in _shedding.Due(isAll, since => _time.GetElapsedTime(since, _now) >= HeldTime))
        {
            if (!Pack(held.Partition, held.Release()))
            {
                await SendFullAsync(cancellationToken);
            }
        }
    }

    private async ValueTask SendAsync(PartitionBatch batch, CancellationToken cancellationToken)
    {
        var trace = RecordTrace.Begin(batch.Partition, batch.Builder.Count, _time.GetElapsedTime(batch.Since));
        var record = new OutgoingRecord(batch.Partition, batch.Builder.ToRecord(), batch.Builder.Count, TraceParent: trace?.Id);
        var safe = await _delivery.SendAsync(record, cancellationToken);
        RecordTrace.EndWith(trace, safe);
        Pace?.Sent();
        batch.Sent(safe);
        batch.Builder.Clear();
        safe.GetAwaiter().UnsafeOnCompleted(_wake);
    }
}
