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
}
