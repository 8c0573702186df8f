namespace CloudTicks.EventHub.Shares;

/// <summary>One connection's part of a <see cref="MemoryBudget"/>.</summary>
internal sealed class MemoryShare(MemoryBudget budget, MemoryLevel connection, MemoryLevel address, MemoryLevel all) : IDisposable
{
    public MemoryLevel Connection => connection;

    public MemoryLevel Address => address;

    public MemoryLevel All => all;

    /// <summary>Bytes of answers that the client has taken: who takes much gets much at once, also when others hold memory.</summary>
    public long Taken { get; set; }

    /// <summary>
    /// Ends a transfer of this connection because others need its memory, given how long it has not moved; false when it does move.
    /// </summary>
    public Func<TimeSpan, bool> TryReclaim { get; set; } = static _ => false;

    /// <summary>Begins to hold memory; nothing is taken yet.</summary>
    public HeldMemory Hold() => budget.Hold(this);

    /// <summary>Memory for an answer, at once: as much as is wanted, or less when memory is scarce.</summary>
    public HeldMemory Grant(int wanted, int most) => budget.Grant(this, wanted, most);

    public void Dispose() => budget.Close(this);
}
