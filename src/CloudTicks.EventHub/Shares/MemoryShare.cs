namespace CloudTicks.EventHub.Shares;

/// <summary>The share of one connection in a <see cref="MemoryBudget"/>.</summary>
internal sealed class MemoryShare(MemoryBudget budget, MemoryLevel connection, MemoryLevel address, MemoryLevel all) : IDisposable
{
    public MemoryLevel Connection => connection;

    public MemoryLevel Address => address;

    public MemoryLevel All => all;

    /// <summary>
    /// Bytes of responses that the client has read. They increase its grants, so fast readers get larger responses even while memory is
    /// scarce.
    /// </summary>
    public long BytesRead { get; set; }

    /// <summary>
    /// Aborts a transfer of this connection because other clients need its memory; receives the time without progress. Returns false when
    /// the transfer has made progress.
    /// </summary>
    public Func<TimeSpan, bool> TryReclaim { get; set; } = static _ => false;

    /// <summary>Creates an empty grant, which the transfer enlarges as it needs memory.</summary>
    public MemoryGrant Hold() => budget.Hold(this);

    /// <summary>Grants memory for a response without waiting: as much as requested, or less when memory is scarce.</summary>
    public MemoryGrant Grant(int requested, int max) => budget.Grant(this, requested, max);

    public void Dispose() => budget.Close(this);
}
