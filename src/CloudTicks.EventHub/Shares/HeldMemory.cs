namespace CloudTicks.EventHub.Shares;

/// <summary>What one request or one answer holds of a <see cref="MemoryBudget"/>, from its first byte until it is given back.</summary>
internal sealed class HeldMemory : IDisposable
{
    private readonly MemoryBudget _budget;
    private readonly Func<TimeSpan, bool> _tryReclaim;
    private readonly LinkedListNode<HeldMemory>[] _places;

    /// <param name="budget">What it is taken from.</param>
    /// <param name="levels">Its connection, its address, all clients.</param>
    /// <param name="tryReclaim">
    /// Ends the transfer because others need the memory, given how long it has not moved; false when it does move.
    /// </param>
    public HeldMemory(MemoryBudget budget, MemoryLevel[] levels, Func<TimeSpan, bool> tryReclaim)
    {
        (_budget, Levels, _tryReclaim) = (budget, levels, tryReclaim);
        _places = [.. levels.Select(_ => new LinkedListNode<HeldMemory>(this))];
    }

    /// <summary>Bytes that are counted.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes that may be used: those that are counted, or a few that need not be.</summary>
    public int Granted { get; set; }

    public MemoryLevel[] Levels { get; }

    /// <summary>False for a request that has come completely, and for what was given back.</summary>
    public bool IsMoving => _places[0].List is not null;

    /// <summary>True while it does not move because of the hub: it waits for memory, or the answer is not ready to be sent.</summary>
    public bool IsWaiting { get; set; }

    public bool IsReclaimed { get; set; }

    public long MovedAt { get; set; }

    /// <summary>Whether its connection holds little even with so many bytes more.</summary>
    public bool IsSmallWith(long bytes) => Levels[0].Used + bytes <= MemoryBudget.LittleBytes;

    /// <summary>The transfer has moved as much as one may expect of it.</summary>
    public void Moved() => (MovedAt, IsWaiting) = (_budget.Now, false);

    /// <summary>Takes more, and waits for it if it must.</summary>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken) => _budget.TakeAsync(this, bytes, cancellationToken);

    /// <summary>Gives back what it has, and takes so many bytes instead; waits if it must.</summary>
    public async ValueTask ReplaceAsync(int bytes, CancellationToken cancellationToken)
    {
        _budget.GiveBack(this);
        await TakeAsync(Buffers.SizeFor(bytes), cancellationToken);
        (Granted, IsWaiting) = (bytes, true);
    }

    /// <summary>Takes so many bytes if they fit at once.</summary>
    public bool TryTake(long bytes) => _budget.TryTake(this, bytes);

    /// <summary>The request has come completely: now only the hub decides how long it stays.</summary>
    public void Settle() => _budget.Settle(this);

    public void Dispose() => _budget.Leave(this);

    /// <summary>The budget's, when it has let go of its lock.</summary>
    public void Reclaim()
    {
        if (!_tryReclaim(_budget.Since(MovedAt)))
        {
            (MovedAt, IsReclaimed) = (_budget.Now, false);
        }
    }

    /// <summary>The budget's: among those that move, or not.</summary>
    public void SetMoving(bool isMoving)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            if (isMoving)
            {
                Levels[i].Moving.AddLast(_places[i]);
            }
            else
            {
                Levels[i].Moving.Remove(_places[i]);
            }
        }
    }
}
