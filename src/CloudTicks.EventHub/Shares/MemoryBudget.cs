using System.Numerics;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Limits the memory of clients, and shares it by connection, by address and in total, so that no client blocks another. A quarter is
/// reserved for connections that hold little. When memory is needed, transfers that hold memory without progress are aborted, the longest
/// idle first. Thread-safe; one file, because one lock guards all of it.
/// </summary>
internal sealed class MemoryBudget : IDisposable
{
    /// <summary>Maximum size of a request or a response that is not counted and never waits.</summary>
    public const int UncountedBytes = Buffers.MaxSmallBytes;

    /// <summary>Maximum bytes of a connection that may use the reserve.</summary>
    public const int LittleBytes = 1024 * 1024;

    /// <summary>The time without progress after which a transfer is aborted when its memory is needed.</summary>
    public static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(1);

    private const int ReserveDivisor = 4;
    private const int GrantDivisor = 8;
    private const int DrainedDivisor = 4;
    private const int CrowdedDivisor = 8;

    /// <summary>The initial grant of a connection at a crowded address; it grows with the bytes that the client reads.</summary>
    private const int InitialGrant = 2 * UncountedBytes;

    private const int ReadDivisor = 8;

    /// <summary>Minimum peak of the used memory for which returning memory to the operating system is worth its cost.</summary>
    private const long MinReturnBytes = 24 * 1024 * 1024;

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
        _all = new MemoryLevel("", capacity, capacity / ReserveDivisor);
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

    private bool IsDrained => _peak >= MinReturnBytes && _all.Used < _peak / DrainedDivisor;

    /// <summary>
    /// Returns whether clients have released most of the peak memory, and then resets the peak, so that each drop is reported once.
    /// </summary>
    public bool TryDrain()
    {
        lock (_gate)
        {
            var isDrained = IsDrained;
            _peak = isDrained ? _all.Used : _peak;
            return isDrained;
        }
    }

    /// <summary>Opens the share of a new connection.</summary>
    public MemoryShare Open(string address)
    {
        lock (_gate)
        {
            if (!_addresses.TryGetValue(address, out var level))
            {
                var limit = Math.Max((long)(_all.Limit * _shares.Address), 1);
                _addresses[address] = level = new MemoryLevel(address, limit, limit / ReserveDivisor);
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
            RemoveIfUnused(share.Address);
        }
    }

    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);

    public MemoryGrant Hold(MemoryShare share)
    {
        var held = new MemoryGrant(this, [share.Connection, share.Address, share.All], share.TryReclaim) { LastProgressAt = Now };
        lock (_gate)
        {
            held.SetMoving(true);
        }

        return held;
    }

    /// <summary>
    /// Grants memory without waiting: the grant shrinks with the free memory (the third power of the free fraction), so that a hundred
    /// clients that read nothing leave room for another. At a crowded address a connection starts with little, and gets more as it reads.
    /// </summary>
    public MemoryGrant Grant(MemoryShare share, int requested, int max)
    {
        var held = Hold(share);
        List<MemoryGrant> reclaimed = [];
        lock (_gate)
        {
            var free = Math.Min(share.Address.Free, _all.Free);
            max = (int)Math.Min(max, share.Address.Limit / GrantDivisor);
            var own = Math.Max(share.Connection.Limit - share.Connection.Used, 0);
            if (share.Address.Used > share.Address.Limit / CrowdedDivisor)
            {
                own = Math.Min(own, InitialGrant + (share.BytesRead / ReadDivisor));
            }

            var limit = (int)Math.Clamp(Math.Min(max * free * free * free, own), UncountedBytes, int.MaxValue);
            var granted = requested <= limit ? requested : 1 << BitOperations.Log2((uint)limit);
            (held.Granted, held.IsWaiting) = (Math.Max(granted, UncountedBytes), true);
            if (held.Granted > UncountedBytes)
            {
                Add(held, Buffers.SizeFor(held.Granted));
            }

            if (held.Granted < requested && free < 0.5)
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

    public bool TryTake(MemoryGrant held, long bytes)
    {
        List<MemoryGrant> reclaimed = [];
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

    public ValueTask TakeAsync(MemoryGrant held, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WaitingTransfer waiting;
        List<MemoryGrant> reclaimed = [];
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

    public void Complete(MemoryGrant held)
    {
        lock (_gate)
        {
            held.SetMoving(false);
            foreach (var level in held.Levels)
            {
                level.Completed += held.Bytes;
            }

            GrantWaiting();
        }
    }

    /// <summary>Releases its bytes; the transfer may take more later.</summary>
    public void ReleaseBytes(MemoryGrant held)
    {
        lock (_gate)
        {
            Remove(held);
            GrantWaiting();
        }
    }

    public void Release(MemoryGrant held)
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

    private static bool Fits(MemoryGrant held, long bytes)
    {
        var isSmall = held.IsSmallWith(bytes);
        return Array.TrueForAll(held.Levels, level => level.Fits(held, bytes, isSmall));
    }

    private void Add(MemoryGrant held, long bytes)
    {
        held.Bytes += bytes;
        foreach (var level in held.Levels)
        {
            level.Used += bytes;
        }

        _peak = Math.Max(_peak, _all.Used);
    }

    private void Remove(MemoryGrant held)
    {
        foreach (var level in held.Levels)
        {
            level.Used -= held.Bytes;
            level.Completed -= held.IsMoving ? 0 : held.Bytes;
        }

        held.Bytes = 0;
        RemoveIfUnused(held.Levels[1]);
        if (IsDrained)
        {
            _memoryReturn?.Schedule();
        }
    }

    /// <summary>Removes an address without connections, once its last requests are flushed.</summary>
    private void RemoveIfUnused(MemoryLevel address)
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
            (waiting.Held.IsWaiting, waiting.Held.LastProgressAt) = (false, Now);
            waiting.Granted.SetResult();
        }

        if (_waiting.IsEmpty)
        {
            _check.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Called by the timer: transfers may have become idle for long enough to be aborted.</summary>
    private void Check()
    {
        List<MemoryGrant> reclaimed = [];
        lock (_gate)
        {
            MakeRoom(_waiting.Levels, reclaimed);
        }

        reclaimed.ForEach(static held => held.Reclaim());
    }

    /// <summary>Aborts as many transfers as the waiting ones need.</summary>
    private void MakeRoom(IEnumerable<MemoryLevel> levels, List<MemoryGrant> reclaimed)
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
                return; // the bytes were granted in the meantime
            }

            waiting.Held.IsWaiting = false;
        }

        waiting.Granted.SetCanceled(cancellationToken);
    }
}
