namespace CloudTicks.EventHub.Shares;

/// <summary>
/// One of the three limits that apply to a transfer: that of its connection, of its address, or of all clients. Owned by a
/// <see cref="MemoryBudget"/>, whose lock guards it.
/// </summary>
/// <param name="name">The address; empty for the limits of a connection and of all clients.</param>
/// <param name="limit">Maximum bytes.</param>
/// <param name="reserve">The part of the limit that only connections with little memory may use.</param>
internal sealed class MemoryLevel(string name, long limit, long reserve)
{
    public string Name => name;

    public long Limit => limit;

    public long Used { get; set; }

    /// <summary>Bytes of complete requests, which the event hub itself releases.</summary>
    public long Completed { get; set; }

    /// <summary>Incomplete transfers, oldest first.</summary>
    public LinkedList<MemoryGrant> InProgress { get; } = [];

    /// <summary>The number of connections of the address.</summary>
    public int Connections { get; set; }

    public double Free => Math.Clamp((limit - Used) / (double)limit, 0, 1);

    /// <summary>
    /// True when more bytes fit. While no complete request holds memory that the event hub will release, the oldest transfer may exceed the
    /// limit: incomplete requests could otherwise wait for each other. At most one request exceeds the limit.
    /// </summary>
    public bool Fits(MemoryGrant grant, long bytes, bool isSmall) =>
        Used + bytes <= LimitFor(isSmall) || (Completed == 0 && InProgress.First?.Value == grant);

    public long LimitFor(bool isSmall) => isSmall ? limit : limit - reserve;

    /// <summary>Selects idle transfers, the longest idle first, until enough bytes are reclaimed.</summary>
    /// <param name="bytes">The missing bytes.</param>
    /// <param name="since">Returns the time since a timestamp.</param>
    /// <param name="reclaimedGrants">Receives the transfers to abort.</param>
    public void SelectIdle(long bytes, Func<long, TimeSpan> since, List<MemoryGrant> reclaimedGrants)
    {
        bytes -= InProgress.Where(static grant => grant.IsReclaimed).Sum(static grant => grant.Bytes);
        if (bytes <= 0)
        {
            return;
        }

        var idleGrants = InProgress.Where(grant =>
            grant is { IsReclaimed: false, IsWaiting: false, Bytes: > 0 } && since(grant.LastProgressAt) >= MemoryBudget.MaxGrantIdleTime);
        foreach (var grant in idleGrants.OrderBy(static grant => grant.LastProgressAt).ToList())
        {
            grant.IsReclaimed = true;
            reclaimedGrants.Add(grant);
            bytes -= grant.Bytes;
            if (bytes <= 0)
            {
                return;
            }
        }
    }
}
