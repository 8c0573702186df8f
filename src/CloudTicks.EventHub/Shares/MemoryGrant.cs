namespace CloudTicks.EventHub.Shares;

/// <summary>The memory of a <see cref="MemoryBudget"/> that one request or one response uses, from its first byte to its release.</summary>
internal sealed class MemoryGrant : IDisposable
{
    private readonly MemoryBudget _budget;
    private readonly Func<TimeSpan, bool> _tryReclaim;
    private readonly LinkedListNode<MemoryGrant>[] _nodes;

    /// <param name="budget">The budget.</param>
    /// <param name="levels">The levels of the connection, of its address, and of all clients.</param>
    /// <param name="tryReclaim">
    /// Aborts the transfer because other clients need the memory; receives the time without progress. Returns false when the
    /// transfer has made progress.
    /// </param>
    public MemoryGrant(MemoryBudget budget, MemoryLevel[] levels, Func<TimeSpan, bool> tryReclaim)
    {
        (_budget, Levels, _tryReclaim) = (budget, levels, tryReclaim);
        _nodes = [.. levels.Select(_ => new LinkedListNode<MemoryGrant>(this))];
    }

    /// <summary>Bytes that count against the budget.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes that the response may use: those that count against the budget, or a small amount that does not count.</summary>
    public int Granted { get; set; }

    public MemoryLevel[] Levels { get; }

    /// <summary>True while the transfer is in progress: false for a complete request, and after the release.</summary>
    public bool IsInProgress => _nodes[0].List is not null;

    /// <summary>True while the event hub delays the transfer: it waits for memory, or the response is not ready.</summary>
    public bool IsWaiting { get; set; }

    public bool IsReclaimed { get; set; }

    public long LastProgressAt { get; set; }

    /// <summary>True when the connection would hold little memory even with these bytes.</summary>
    public bool IsSmallWith(long bytes) => Levels[0].Used + bytes <= MemoryBudget.SmallConnectionBytes;

    /// <summary>Records that the transfer has made progress.</summary>
    public void MarkProgress() => (LastProgressAt, IsWaiting) = (_budget.Now, false);

    /// <summary>Takes more bytes, waiting if necessary.</summary>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken) => _budget.TakeAsync(this, bytes, cancellationToken);

    /// <summary>Releases the held bytes and takes a new amount, waiting if necessary.</summary>
    public async ValueTask ReplaceAsync(int bytes, CancellationToken cancellationToken)
    {
        _budget.ReleaseBytes(this);
        await TakeAsync(Buffers.SizeFor(bytes), cancellationToken);
        (Granted, IsWaiting) = (bytes, true);
    }

    /// <summary>Takes bytes if they are available now.</summary>
    public bool TryTake(long bytes) => _budget.TryTake(this, bytes);

    /// <summary>Marks the request as complete: from now on, only the event hub determines how long the request keeps the memory.</summary>
    public void Complete() => _budget.Complete(this);

    public void Dispose() => _budget.Release(this);

    /// <summary>Aborts the transfer if it made no progress; called by the budget outside its lock.</summary>
    public void Reclaim()
    {
        if (!_tryReclaim(_budget.Since(LastProgressAt)))
        {
            (LastProgressAt, IsReclaimed) = (_budget.Now, false);
        }
    }

    /// <summary>Called by the budget: adds the transfer to each level's list of transfers in progress, or removes it.</summary>
    public void SetInProgress(bool isInProgress)
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            if (isInProgress)
            {
                Levels[i].InProgress.AddLast(_nodes[i]);
            }
            else
            {
                Levels[i].InProgress.Remove(_nodes[i]);
            }
        }
    }
}
