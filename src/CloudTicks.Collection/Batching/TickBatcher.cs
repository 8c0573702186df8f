using System.Diagnostics;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.EventStream.Pacing;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>
/// Packs ticks into records, one record a partition at a time, and hands them to the delivery. A record is sent when it is full. The
/// others are sent together, by one clock for all partitions of which fewer than <see cref="MaxInFlight"/> records are under way: so
/// records grow by themselves when the hub is slow, and are small and early when it is not. Full records wait for
/// <see cref="SendFullAsync"/>, which the caller runs after each frame. One loop uses it; it is not thread-safe.
/// </summary>
internal sealed class TickBatcher
{
    /// <summary>Records of one partition under way. One would leave the hub idle between two, more would only make them smaller.</summary>
    public const int MaxInFlight = 2;

    /// <summary>
    /// Without a linger, records leave this far apart at least. Each round of them costs a flush at the hub and a wake-up of each reader,
    /// however few ticks it has; what comes after a pause is sent at once. Half of it is what the median tick waits, of the 10 ms that it
    /// may take to NATS.
    /// </summary>
    public static readonly TimeSpan Clock = TimeSpan.FromMilliseconds(10);

    /// <summary>The same after a round of fewer than <see cref="SparseTicks"/>, of which each tick costs as much as a round.</summary>
    public static readonly TimeSpan SparseClock = TimeSpan.FromMilliseconds(16);

    public const int SparseTicks = 4;

    private const long NoLinger = -1;

    private static readonly TimeSpan HeldTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenReleases = TimeSpan.FromMilliseconds(250);

    private readonly RecordDelivery _delivery;
    private readonly TickShedding _shedding;
    private readonly TimeProvider _time;
    private long _linger;
    private volatile AdaptiveLinger? _pace;
    private readonly Action _wake;
    private readonly PartitionBatch[] _partitions;
    private readonly Queue<PackedRecord> _packed = new();
    private long _releasedAt;
    private long? _sentAt;
    private int _sentTicks;
    private volatile bool _awaitsRoom;

    /// <param name="wake">Called from any thread when a record that others wait for is safe, or one has failed.</param>
    public TickBatcher(RecordDelivery delivery, TickShedding shedding, int partitions, TimeSpan? linger, TimeProvider time, Action wake)
    {
        (_delivery, _shedding, _linger, _time, _wake) = (delivery, shedding, linger?.Ticks ?? NoLinger, time, wake);
        _partitions = [.. Enumerable.Range(0, partitions).Select(partition => new PartitionBatch(partition))];
    }

    /// <summary>How long a tick waits for company; null to go by the <see cref="Clock"/>. Anyone may change it.</summary>
    public TimeSpan? Linger
    {
        get => Interlocked.Read(ref _linger) is var ticks && ticks != NoLinger ? TimeSpan.FromTicks(ticks) : null;
        set
        {
            Interlocked.Exchange(ref _linger, value?.Ticks ?? NoLinger);
            _wake();
        }
    }

    /// <summary>Replaces <see cref="Linger"/> where it is not null; anyone may set it, the batcher's loop alone uses it.</summary>
    public AdaptiveLinger? Pace
    {
        get => _pace;
        set => _pace = value;
    }

    public int Partitions => _partitions.Length;

    /// <summary>Whether its records are traced.</summary>
    public bool IsTraced { get; init; } = true;

    /// <summary>Adds a tick to its partition, or leaves it out where the spool has no room.</summary>
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

    /// <summary>Sends every full record, however many are under way.</summary>
    public async ValueTask SendFullAsync(CancellationToken cancellationToken)
    {
        while (_packed.TryDequeue(out var packed))
        {
            packed.Batch.TakeSafe();
            var safe = await _delivery.SendAsync(packed.Record, cancellationToken);
            RecordTrace.EndWith(packed.Trace, safe);
            Pace?.Sent();
            packed.Batch.Sent(safe);
            _ = safe.ContinueWith(
                static (task, batcher) => ((TickBatcher)batcher!).OnSafe(task), this, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Sends every full record, however many are under way, and what has waited long enough, where it may.</summary>
    /// <returns>How long until the next is due; null when none waits for time.</returns>
    public async ValueTask<TimeSpan?> SendAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        TimeSpan? next = null;
        if (_shedding.IsActive)
        {
            ReleaseHeld(isAll: false, now);
            next = BetweenReleases;
        }

        await SendFullAsync(cancellationToken);
        // Set while the partitions are looked at: what becomes safe meanwhile, behind the look, wakes the caller once more.
        _awaitsRoom = true;
        Interlocked.MemoryBarrier();
        var found = OldestThatMayGo();
        _awaitsRoom = Array.Exists(_partitions, AwaitsRoom);
        if (found is not { } oldest)
        {
            return next;
        }

        var left = UntilDue(oldest, now);
        if (left > TimeSpan.Zero)
        {
            return next is null || left < next ? left : next;
        }

        (_sentAt, _sentTicks) = (now, 0);
        foreach (var batch in _partitions)
        {
            if (MayGo(batch))
            {
                _sentTicks += batch.Builder.Count;
                Close(batch);
            }
        }

        await SendFullAsync(cancellationToken);
        return next;
    }

    /// <summary>Sends all that is left and waits until all of it is safe.</summary>
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
                await batch.Oldest.WaitAsync(cancellationToken);
                batch.TakeSafe();
            }
        }
    }

    private static bool MayGo(PartitionBatch batch) => batch.Builder.Count > 0 && batch.InFlight < MaxInFlight;

    private static bool AwaitsRoom(PartitionBatch batch) => batch.Builder.Count > 0 && batch.InFlight >= MaxInFlight;

    /// <summary>When the oldest tick came that may be sent.</summary>
    private long? OldestThatMayGo()
    {
        long? oldest = null;
        foreach (var batch in _partitions)
        {
            batch.TakeSafe();
            if (MayGo(batch) && (oldest is null || batch.Since < oldest))
            {
                oldest = batch.Since;
            }
        }

        return oldest;
    }

    private TimeSpan UntilDue(long oldest, long now) =>
        (Pace?.At(now) ?? Linger) is { } linger ? linger - _time.GetElapsedTime(oldest, now)
        : _sentAt is { } sent ? (_sentTicks < SparseTicks ? SparseClock : Clock) - _time.GetElapsedTime(sent, now)
        : TimeSpan.Zero;

    private void Pack(int partition, scoped in Tick tick)
    {
        var batch = _partitions[partition];
        if (batch.Builder.Count == 0)
        {
            batch.Since = _time.GetTimestamp();
        }

        batch.Builder.Add(tick);
        if (!batch.Builder.HasRoom)
        {
            Close(batch);
        }
    }

    /// <summary>Packs the quotes that no later one of their second has replaced.</summary>
    private void ReleaseHeld(bool isAll, long now)
    {
        _shedding.Follow(_delivery.Pressure);
        if (!isAll && _delivery.Pressure != SpoolPressure.None && _time.GetElapsedTime(_releasedAt, now) < BetweenReleases)
        {
            return;
        }

        _releasedAt = now;
        foreach (var held in _shedding.Due(isAll, since => _time.GetElapsedTime(since, now) >= HeldTime))
        {
            Pack(held.Partition, held.Release());
        }
    }

    /// <summary>Makes a record of what a partition has packed; it is sent next.</summary>
    private void Close(PartitionBatch batch)
    {
        if (batch.Builder.Count > 0)
        {
            var receivedAt = _time.GetUtcNow() - _time.GetElapsedTime(batch.Since);
            var trace = IsTraced ? RecordTrace.Begin(batch.Partition, batch.Builder.Count, receivedAt) : null;
            var record = new OutgoingRecord(batch.Partition, batch.Builder.ToRecord(), batch.Builder.Count, TraceParent: trace?.Id);
            _packed.Enqueue(new PackedRecord(batch, record, trace));
            batch.Builder.Clear();
        }
    }

    private void OnSafe(Task safe)
    {
        if (_awaitsRoom || !safe.IsCompletedSuccessfully)
        {
            _wake();
        }
    }

    private readonly record struct PackedRecord(PartitionBatch Batch, OutgoingRecord Record, Activity? Trace);
}
