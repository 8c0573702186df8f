namespace CloudTicks.EventHub.Shares;

/// <summary>
/// One of the three limits that apply to a transfer: that of its connection, of its address, or of all clients. A
/// <see cref="MemoryBudget"/> owns and guards it.
/// </summary>
/// <param name="name">The address; empty for the other two.</param>
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
    public LinkedList<MemoryGrant> Moving { get; } = [];

    /// <summary>The number of connections of the address.</summary>
    public int Connections { get; set; }

    public double Free => Math.Clamp((limit - Used) / (double)limit, 0, 1);

    /// <summary>
    /// True when more bytes fit. While the event hub itself will release nothing here, the oldest transfer may exceed the limit: otherwise
    /// incomplete requests could wait for each other. The limit is therefore exceeded by at most one request.
    /// </summary>
    public bool Fits(MemoryGrant held, long bytes, bool isSmall) =>
        Used + bytes <= LimitFor(isSmall) || (Completed == 0 && Moving.First?.Value == held);

    public long LimitFor(bool isSmall) => isSmall ? limit : limit - reserve;

    /// <summary>Selects idle transfers, the longest idle first, until enough bytes are reclaimed.</summary>
    /// <param name="bytes">The missing bytes.</param>
    /// <param name="since">Returns the time since a timestamp.</param>
    /// <param name="reclaimed">Receives the transfers to abort.</param>
    public void Reclaim(long bytes, Func<long, TimeSpan> since, List<MemoryGrant> reclaimed)
    {
        bytes -= Moving.Where(static held => held.IsReclaimed).Sum(static held => held.Bytes);
        if (bytes <= 0)
        {
            return;
        }

        var idle = Moving.Where(held =>
            held is { IsReclaimed: false, IsWaiting: false, Bytes: > 0 } && since(held.LastProgressAt) >= MemoryBudget.MaxIdle);
        foreach (var held in idle.OrderBy(static held => held.LastProgressAt).ToList())
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
}
