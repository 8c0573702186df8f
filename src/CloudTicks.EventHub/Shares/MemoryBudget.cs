using System.Numerics;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Limits the memory of clients, and shares it by connection, by address and in total, so that no client blocks another. A quarter is
/// reserved for connections that hold little memory. When memory is needed, transfers that hold memory without progress are aborted, the
/// longest idle first. Thread-safe. The class is in one file because one lock guards all of it.
/// </summary>
internal sealed class MemoryBudget : IDisposable
{
    /// <summary>Maximum size of a request or a response that is not counted and never waits.</summary>
    public const int UncountedBytes = Buffers.MaxSmallBytes;

    /// <summary>Maximum bytes of a connection that may use the reserve.</summary>
    public const int SmallConnectionBytes = 1024 * 1024;

    /// <summary>The time without progress after which a transfer is aborted when its memory is needed.</summary>
    public static readonly TimeSpan MaxGrantIdleTime = TimeSpan.FromSeconds(1);

    /// <summary>The reserve of an address, or of all clients, is the limit divided by this number.</summary>
    private const int ReserveDivisor = 4;

    /// <summary>The maximum grant is the address's limit divided by this number.</summary>
    private const int GrantDivisor = 8;

    /// <summary>The budget counts as drained when the used memory is below its peak divided by this number.</summary>
    private const int DrainedDivisor = 4;

    /// <summary>An address counts as crowded when its used memory exceeds its limit divided by this number.</summary>
    private const int CrowdedDivisor = 8;

    /// <summary>The initial grant of a connection at a crowded address; it grows with the bytes that the client reads.</summary>
    private const int InitialGrant = 2 * UncountedBytes;

    /// <summary>The grant at a crowded address grows by the bytes that the client has read, divided by this number.</summary>
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
    /// Returns true when clients have released most of the peak memory. The peak is then reset, so that each drop is reported once.
    /// </summary>
    public bool TryResetPeak()
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
        var grant = new MemoryGrant(this, [share.Connection, share.Address, share.All], share.TryReclaim) { LastProgressAt = Now };
        lock (_gate)
        {
            grant.SetInProgress(true);
        }

        return grant;
    }

    /// <summary>
    /// Grants memory without waiting. The maximum grant is proportional to the third power of the free fraction, so that a hundred clients
    /// that read nothing leave room for another. At a crowded address the first grant of a connection is small, and later grants grow with
    /// the bytes that the client has read.
    /// </summary>
    public MemoryGrant Grant(MemoryShare share, int requested, int max)
    {
        var grant = Hold(share);
        List<MemoryGrant> reclaimed = [];
        lock (_gate)
        {
            var freeShare = Math.Min(share.Address.Free, _all.Free);
            max = (int)Math.Min(max, share.Address.Limit / GrantDivisor);
            var connectionBytes = Math.Max(share.Connection.Limit - share.Connection.Used, 0);
            if (share.Address.Used > share.Address.Limit / CrowdedDivisor)
            {
                connectionBytes = Math.Min(connectionBytes, InitialGrant + (share.BytesRead / ReadDivisor));
            }

            var limit = (int)Math.Clamp(Math.Min(max * freeShare * freeShare * freeShare, connectionBytes), UncountedBytes, int.MaxValue);
            var granted = requested <= limit ? requested : 1 << BitOperations.Log2((uint)limit);
            (grant.Granted, grant.IsWaiting) = (Math.Max(granted, UncountedBytes), true);
            if (grant.Granted > UncountedBytes)
            {
                Add(grant, Buffers.SizeFor(grant.Granted));
            }

            if (grant.Granted < requested && freeShare < 0.5)
            {
                foreach (var level in grant.Levels.Skip(1))
                {
                    level.SelectIdle(level.Used - (level.Limit / 2), Since, reclaimed);
                }
            }
        }

        reclaimed.ForEach(static grant => grant.Reclaim());
        return grant;
    }

    public bool TryTake(MemoryGrant grant, long bytes)
    {
        List<MemoryGrant> reclaimed = [];
        bool fits;
        lock (_gate)
        {
            fits = Fits(grant, bytes);
            if (fits)
            {
                Add(grant, bytes);
            }
            else
            {
                var isSmall = grant.IsSmallWith(bytes);
                Array.ForEach(grant.Levels, level => level.SelectIdle(level.Used + bytes - level.LimitFor(isSmall), Since, reclaimed));
            }
        }

        reclaimed.ForEach(static grant => grant.Reclaim());
        return fits;
    }

    public ValueTask TakeAsync(MemoryGrant grant, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WaitingTransfer waiting;
        List<MemoryGrant> reclaimed = [];
        lock (_gate)
        {
            if (Fits(grant, bytes))
            {
                Add(grant, bytes);
                return ValueTask.CompletedTask;
            }

            if (_waiting.IsEmpty)
            {
                _check.Change(CheckInterval, CheckInterval);
            }

            grant.IsWaiting = true;
            waiting = _waiting.Add(grant, bytes);
            MakeRoom(grant.Levels, reclaimed);
        }

        reclaimed.ForEach(static grant => grant.Reclaim());
        return WaitAsync(waiting, cancellationToken);
    }

    public void Complete(MemoryGrant grant)
    {
        lock (_gate)
        {
            grant.SetInProgress(false);
            foreach (var level in grant.Levels)
            {
                level.Completed += grant.Bytes;
            }

            GrantWaiting();
        }
    }

    /// <summary>Releases the bytes of a grant; the transfer may take more later.</summary>
    public void ReleaseBytes(MemoryGrant grant)
    {
        lock (_gate)
        {
            Remove(grant);
            GrantWaiting();
        }
    }

    public void Release(MemoryGrant grant)
    {
        lock (_gate)
        {
            Remove(grant);
            if (grant.IsInProgress)
            {
                grant.SetInProgress(false);
            }

            GrantWaiting();
        }
    }

    public void Dispose() => _check.Dispose();

    private static bool Fits(MemoryGrant grant, long bytes)
    {
        var isSmall = grant.IsSmallWith(bytes);
        return Array.TrueForAll(grant.Levels, level => level.Fits(grant, bytes, isSmall));
    }

    private void Add(MemoryGrant grant, long bytes)
    {
        grant.Bytes += bytes;
        foreach (var level in grant.Levels)
        {
            level.Used += bytes;
        }

        _peak = Math.Max(_peak, _all.Used);
    }

    private void Remove(MemoryGrant grant)
    {
        foreach (var level in grant.Levels)
        {
            level.Used -= grant.Bytes;
            level.Completed -= grant.IsInProgress ? 0 : grant.Bytes;
        }

        grant.Bytes = 0;
        RemoveIfUnused(grant.Levels[1]);
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
            Add(waiting.Grant, waiting.Bytes);
            (waiting.Grant.IsWaiting, waiting.Grant.LastProgressAt) = (false, Now);
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

        reclaimed.ForEach(static grant => grant.Reclaim());
    }

    /// <summary>Aborts idle transfers until the waiting transfers have enough memory.</summary>
    private void MakeRoom(IEnumerable<MemoryLevel> levels, List<MemoryGrant> reclaimed)
    {
        foreach (var level in levels)
        {
            level.SelectIdle(_waiting.Missing(level), Since, reclaimed);
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

            waiting.Grant.IsWaiting = false;
        }

        waiting.Granted.SetCanceled(cancellationToken);
    }
}
