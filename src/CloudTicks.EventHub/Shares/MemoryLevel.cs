namespace CloudTicks.EventHub.Shares;

/// <summary>
/// One of the three bounds that a frame or an answer counts against: its connection's, its address's, and that of all clients. Belongs to
/// a <see cref="MemoryBudget"/>, which guards it.
/// </summary>
/// <param name="name">The address; nothing for the other two.</param>
/// <param name="limit">Bytes at a time.</param>
/// <param name="reserve">The part of them that only connections with little in memory may use.</param>
internal sealed class MemoryLevel(string name, long limit, long reserve)
{
    public string Name => name;

    public long Limit => limit;

    public long Used { get; set; }

    /// <summary>Bytes of complete requests, which the hub itself gives back.</summary>
    public long Settled { get; set; }

    /// <summary>What moves, or should: the oldest first.</summary>
    public LinkedList<HeldMemory> Moving { get; } = [];

    /// <summary>Connections of the address.</summary>
    public int Connections { get; set; }

    public double Free => Math.Clamp((limit - Used) / (double)limit, 0, 1);

    /// <summary>
    /// Whether so many bytes more fit. When nothing here is given back by the hub itself, the oldest goes on all the same: otherwise
    /// frames that have come half could wait for each other. So the bound is passed by one frame at most.
    /// </summary>
    public bool Fits(HeldMemory held, long bytes, bool isSmall) =>
        Used + bytes <= LimitFor(isSmall) || (Settled == 0 && Moving.First?.Value == held);

    public long LimitFor(bool isSmall) => isSmall ? limit : limit - reserve;

    /// <summary>Chooses transfers that do not move, the longest idle first, until so many bytes are given back, or none is left.</summary>
    /// <param name="bytes">How many are missing.</param>
    /// <param name="since">Tells how long ago a timestamp was.</param>
    /// <param name="reclaimed">Receives those that are to be ended.</param>
    public void Reclaim(long bytes, Func<long, TimeSpan> since, List<HeldMemory> reclaimed)
    {
        bytes -= Moving.Where(static held => held.IsReclaimed).Sum(static held => held.Bytes);
        if (bytes <= 0)
        {
            return;
        }

        var idle = Moving.Where(held =>
            held is { IsReclaimed: false, IsWaiting: false, Bytes: > 0 } && since(held.MovedAt) >= MemoryBudget.Patience);
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
}
