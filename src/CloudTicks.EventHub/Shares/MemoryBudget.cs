using System.Numerics;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Bounds the bytes that clients hold, and divides them so that no client keeps another one waiting: by connection, by address, and in
/// all. A quarter is left to connections that hold little. When memory is needed, transfers that hold some and do not move are ended, the
/// one that has not moved for longest first. Thread-safe; in one file, because one lock guards all of it.
/// </summary>
internal sealed class MemoryBudget : IDisposable
{
    /// <summary>Requests and answers of no more than this are not counted: they wait for nobody.</summary>
    public const int UncountedBytes = Buffers.MaxSmallBytes;

    /// <summary>A connection that holds no more than this may use the reserve.</summary>
    public const int LittleBytes = 1024 * 1024;

    /// <summary>A transfer that has not moved for this long is ended when its memory is needed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int ReservePart = 4;
    private const int GrantPart = 8;
    private const int DrainedPart = 4;
    private const int CrowdedPart = 8;

    /// <summary>What a connection may be granted while its address is crowded: this, and a part of what it has taken.</summary>
    private const int FirstGrant = 2 * UncountedBytes;

    private const int TakenPart = 8;

    /// <summary>So much more than now must have been held before it is worthwhile to give memory back to the system.</summary>
    private const long WorthwhileBytes = 24 * 1024 * 1024;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ShareSettings _shares;
    private readonly MemoryReturn? _memoryReturn;
    private readonly MemoryLevel _all;
    private readonly Dictionary<string, MemoryLevel> _addresses = [];
    private readonly MemoryQueue _waiting = new();
    private readonly ITimer _check;
    private long _peak;

    public MemoryBudget(long capacity, ShareSettings shares, TimeProvider time, MemoryReturn? memoryReturn = null)
    {
        (_time, _shares, _memoryReturn) = (time, shares, memoryReturn);
        memoryReturn?.Watch(this);
        _all = new MemoryLevel("", capacity, capacity / ReservePart);
        _check = time.CreateTimer(
            static budget => ((MemoryBudget)budget!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Now => _time.GetTimestamp();

    public long Used
    {
        get
        {
            lock (_gate)
            {
                return _all.Used;
            }
        }
    }

    private bool IsDrained => _peak >= WorthwhileBytes && _all.Used < _peak / DrainedPart;

    /// <summary>True, once, when clients that held much have gone.</summary>
    public bool TryDrain()
    {
        lock (_gate)
        {
            var isDrained = IsDrained;
            _peak = isDrained ? _all.Used : _peak;
            return isDrained;
        }
    }

    /// <summary>The share of a new connection.</summary>
    public MemoryShare Open(string address)
    {
        lock (_gate)
        {
            if (!_addresses.TryGetValue(address, out var level))
            {
                var limit = Math.Max((long)(_all.Limit * _shares.Address), 1);
                _addresses[address] = level = new MemoryLevel(address, limit, limit / ReservePart);
            }

            level.Connections++;
            var connection = new MemoryLevel("", Math.Max((long)(_all.Limit * _shares.Connection), 1), 0);
            return new MemoryShare(this, connection, level, _all);
        }
    }

    public void Close(MemoryShare share)
    {
        lock (_gate)
        {
            share.Address.Connections--;
            Forget(share.Address);
        }
    }

    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);

    public HeldMemory Hold(MemoryShare share)
    {
        var held = new HeldMemory(this, [share.Connection, share.Address, share.All], share.TryReclaim) { MovedAt = Now };
        lock (_gate)
        {
            held.SetMoving(true);
        }

        return held;
    }

    /// <summary>
    /// Never waits: what is granted shrinks with what is left (as the third power of the free part), so that a hundred readers that take
    /// nothing leave room for another one. In a crowd a connection begins with little, and gets more as it takes it.
    /// </summary>
    public HeldMemory Grant(MemoryShare share, int wanted, int most)
    {
        var held = Hold(share);
        List<HeldMemory> reclaimed = [];
        lock (_gate)
        {
            var free = Math.Min(share.Address.Free, _all.Free);
            most = (int)Math.Min(most, share.Address.Limit / GrantPart);
            var own = Math.Max(share.Connection.Limit - share.Connection.Used, 0);
            if (share.Address.Used > share.Address.Limit / CrowdedPart)
            {
                own = Math.Min(own, FirstGrant + (share.Taken / TakenPart));
            }

            var offered = (int)Math.Clamp(Math.Min(most * free * free * free, own), UncountedBytes, int.MaxValue);
            var granted = wanted <= offered ? wanted : 1 << BitOperations.Log2((uint)offered);
            (held.Granted, held.IsWaiting) = (Math.Max(granted, UncountedBytes), true);
            if (held.Granted > UncountedBytes)
            {
                Add(held, Buffers.SizeFor(held.Granted));
            }

            if (held.Granted < wanted && free < 0.5)
            {
                foreach (var level in held.Levels.Skip(1))
                {
                    level.Reclaim(level.Used - (level.Limit / 2), Since, reclaimed);
                }
            }
        }

        reclaimed.ForEach(static held => held.Reclaim());
        return held;
    }

    public bool TryTake(HeldMemory held, long bytes)
    {
        List<HeldMemory> reclaimed = [];
        bool fits;
        lock (_gate)
        {
            fits = Fits(held, bytes);
            if (fits)
            {
                Add(held, bytes);
            }
            else
            {
                var isSmall = held.IsSmallWith(bytes);
                Array.ForEach(held.Levels, level => level.Reclaim(level.Used + bytes - level.LimitFor(isSmall), Since, reclaimed));
            }
        }

        reclaimed.ForEach(static held => held.Reclaim());
        return fits;
    }

    public ValueTask TakeAsync(HeldMemory held, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WaitingTransfer waiting;
        List<HeldMemory> reclaimed = [];
        lock (_gate)
        {
            if (Fits(held, bytes))
            {
                Add(held, bytes);
                return ValueTask.CompletedTask;
            }

            if (_waiting.IsEmpty)
            {
                _check.Change(CheckInterval, CheckInterval);
            }

            held.IsWaiting = true;
            waiting = _waiting.Add(held, bytes);
            MakeRoom(held.Levels, reclaimed);
        }

        reclaimed.ForEach(static held => held.Reclaim());
        return WaitAsync(waiting, cancellationToken);
    }

    public void Settle(HeldMemory held)
    {
        lock (_gate)
        {
            held.SetMoving(false);
            foreach (var level in held.Levels)
            {
                level.Settled += held.Bytes;
            }

            GrantWaiting();
        }
    }

    /// <summary>Takes back what it has; it may take again.</summary>
    public void GiveBack(HeldMemory held)
    {
        lock (_gate)
        {
            Remove(held);
            GrantWaiting();
        }
    }

    public void Leave(HeldMemory held)
    {
        lock (_gate)
        {
            Remove(held);
            if (held.IsMoving)
            {
                held.SetMoving(false);
            }

            GrantWaiting();
        }
    }

    public void Dispose() => _check.Dispose();

    private static bool Fits(HeldMemory held, long bytes)
    {
        var isSmall = held.IsSmallWith(bytes);
        return Array.TrueForAll(held.Levels, level => level.Fits(held, bytes, isSmall));
    }

    private void Add(HeldMemory held, long bytes)
    {
        held.Bytes += bytes;
        foreach (var level in held.Levels)
        {
            level.Used += bytes;
        }

        _peak = Math.Max(_peak, _all.Used);
    }

    private void Remove(HeldMemory held)
    {
        foreach (var level in held.Levels)
        {
            level.Used -= held.Bytes;
            level.Settled -= held.IsMoving ? 0 : held.Bytes;
        }

        held.Bytes = 0;
        Forget(held.Levels[1]);
        if (IsDrained)
        {
            _memoryReturn?.Schedule();
        }
    }

    /// <summary>An address whose connections are closed may still have requests on their way to the disk.</summary>
    private void Forget(MemoryLevel address)
    {
        if (address is { Connections: 0, Used: 0 })
        {
            _addresses.Remove(address.Name);
        }
    }

    private void GrantWaiting()
    {
        while (_waiting.TakeFirst(Fits) is { } waiting)
        {
            Add(waiting.Held, waiting.Bytes);
            (waiting.Held.IsWaiting, waiting.Held.MovedAt) = (false, Now);
            waiting.Granted.SetResult();
        }

        if (_waiting.IsEmpty)
        {
            _check.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Memory may have become reclaimable because time has passed.</summary>
    private void Check()
    {
        List<HeldMemory> reclaimed = [];
        lock (_gate)
        {
            MakeRoom(_waiting.Levels, reclaimed);
        }

        reclaimed.ForEach(static held => held.Reclaim());
    }

    /// <summary>Ends as many transfers as all that wait need.</summary>
    private void MakeRoom(IEnumerable<MemoryLevel> levels, List<HeldMemory> reclaimed)
    {
        foreach (var level in levels)
        {
            level.Reclaim(_waiting.Missing(level), Since, reclaimed);
        }
    }

    private async ValueTask WaitAsync(WaitingTransfer waiting, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => Abandon(waiting, cancellationToken));
        await waiting.Granted.Task;
    }

    private void Abandon(WaitingTransfer waiting, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(waiting))
            {
                return; // granted meanwhile: the transfer has the bytes
            }

            waiting.Held.IsWaiting = false;
        }

        waiting.Granted.SetCanceled(cancellationToken);
    }
}
