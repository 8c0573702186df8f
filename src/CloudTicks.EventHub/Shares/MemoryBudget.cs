using System.Numerics;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Bounds the bytes that clients hold, and divides them so that no client keeps another one waiting: by connection, by address, and in
/// all. A quarter is left to connections that hold little. When memory is needed, transfers that hold some and do not move are ended, the
/// one that has not moved for longest first. Thread-safe.
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
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ShareSettings _shares;
    private readonly MemoryReturn? _memoryReturn;
    private readonly MemoryLevel _all;
    private readonly Dictionary<string, MemoryLevel> _addresses = [];
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly ITimer _check;
    private long _peak;

    public MemoryBudget(long capacity, ShareSettings shares, TimeProvider time, MemoryReturn? memoryReturn = null)
    {
        (_time, _shares, _memoryReturn) = (time, shares, memoryReturn);
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
    /// nothing leave room for another one.
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
                    Reclaim(level, level.Used - (level.Limit / 2), reclaimed);
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
                var isSmall = IsSmall(held, bytes);
                Array.ForEach(held.Levels, level => Reclaim(level, level.Used + bytes - level.LimitFor(isSmall), reclaimed));
            }
        }

        reclaimed.ForEach(static held => held.Reclaim());
        return fits;
    }

    public ValueTask TakeAsync(HeldMemory held, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        List<HeldMemory> reclaimed = [];
        lock (_gate)
        {
            if (Fits(held, bytes))
            {
                Add(held, bytes);
                return ValueTask.CompletedTask;
            }

            held.IsWaiting = true;
            node = Enqueue(new Waiter(held, bytes));
            MakeRoom(held.Levels, reclaimed);
        }

        reclaimed.ForEach(static held => held.Reclaim());
        return WaitAsync(node, cancellationToken);
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
        var isSmall = IsSmall(held, bytes);
        return Array.TrueForAll(held.Levels, level => level.Fits(held, bytes, isSmall));
    }

    private static bool IsSmall(HeldMemory held, long bytes) => held.Levels[0].Used + bytes <= LittleBytes;

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
        if (_memoryReturn is not null && MemoryReturn.IsWorthwhile(_peak, _all.Used))
        {
            _peak = _all.Used;
            _memoryReturn.Schedule();
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
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            var waiter = node.Value;
            if (Fits(waiter.Held, waiter.Bytes))
            {
                _waiting.Remove(node);
                Add(waiter.Held, waiter.Bytes);
                (waiter.Held.IsWaiting, waiter.Held.MovedAt) = (false, Now);
                waiter.Granted.SetResult();
            }

            node = next;
        }

        if (_waiting.Count == 0)
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
            MakeRoom(_waiting.SelectMany(static waiter => waiter.Held.Levels).Distinct(), reclaimed);
        }

        reclaimed.ForEach(static held => held.Reclaim());
    }

    /// <summary>Ends as many transfers as all that wait need.</summary>
    private void MakeRoom(IEnumerable<MemoryLevel> levels, List<HeldMemory> reclaimed)
    {
        foreach (var level in levels)
        {
            var (wanted, missing) = (0L, 0L);
            foreach (var waiter in _waiting.Where(waiter => waiter.Held.Levels.Contains(level)))
            {
                wanted += waiter.Bytes;
                missing = Math.Max(missing, level.Used + wanted - level.LimitFor(IsSmall(waiter.Held, waiter.Bytes)));
            }

            Reclaim(level, missing, reclaimed);
        }
    }

    /// <summary>The smallest first: those who need little do not wait for those who need much.</summary>
    private LinkedListNode<Waiter> Enqueue(Waiter waiter)
    {
        if (_waiting.Count == 0)
        {
            _check.Change(CheckInterval, CheckInterval);
        }

        var larger = _waiting.First;
        while (larger is not null && larger.Value.Bytes <= waiter.Bytes)
        {
            larger = larger.Next;
        }

        return larger is null ? _waiting.AddLast(waiter) : _waiting.AddBefore(larger, waiter);
    }

    /// <summary>Ends transfers that do not move until so many bytes are given back, or none is left to end.</summary>
    private void Reclaim(MemoryLevel level, long bytes, List<HeldMemory> reclaimed)
    {
        bytes -= level.Moving.Where(static held => held.IsReclaimed).Sum(static held => held.Bytes);
        if (bytes <= 0)
        {
            return;
        }

        var idle = level.Moving
            .Where(held => held is { IsReclaimed: false, IsWaiting: false, Bytes: > 0 } && Since(held.MovedAt) >= Patience);
        foreach (var held in idle.OrderBy(static held => held.MovedAt).ToList())
        {
            held.IsReclaimed = true;
            reclaimed.Add(held);
            bytes -= held.Bytes;
            if (bytes <= 0)
            {
                return;
            }
        }
    }

    private async ValueTask WaitAsync(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => Abandon(node, cancellationToken));
        await node.Value.Granted.Task;
    }

    private void Abandon(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                return; // granted meanwhile: the waiter has the bytes
            }

            _waiting.Remove(node);
            node.Value.Held.IsWaiting = false;
        }

        node.Value.Granted.SetCanceled(cancellationToken);
    }

    private sealed class Waiter(HeldMemory held, long bytes)
    {
        public HeldMemory Held => held;

        public long Bytes => bytes;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
