namespace CloudTicks.Timescale.Queries;

/// <summary>A row of <c>market_ticks</c>; absent fields are null.</summary>
public sealed record MarketTick
{
    /// <summary>The symbol's name.</summary>
    public required string Symbol { get; init; }

    /// <summary>The feed's time, Unix ms, UTC.</summary>
    public required long TimestampMs { get; init; }

    /// <summary><c>quote</c> or <c>trade</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How the tick entered the system: <c>live</c>, <c>backfill</c>, <c>db_command</c> or <c>replay</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The best bid.</summary>
    public double? Bid { get; init; }

    /// <summary>The best ask.</summary>
    public double? Ask { get; init; }

    /// <summary>The size of the bid.</summary>
    public double? BidSize { get; init; }

    /// <summary>The size of the ask.</summary>
    public double? AskSize { get; init; }

    /// <summary>The price of a trade.</summary>
    public double? Price { get; init; }

    /// <summary>The size of a trade.</summary>
    public double? Size { get; init; }

    /// <summary>Polygon's exchange id.</summary>
    public short? Exchange { get; init; }

    /// <summary>Polygon's condition codes.</summary>
    public IReadOnlyList<short>? Conditions { get; init; }

    /// <summary>The feed's sequence number.</summary>
    public long? Sequence { get; init; }

    /// <summary>The feed's trade id.</summary>
    public string? TradeId { get; init; }

    /// <summary>The tick's identity.</summary>
    public required ulong Identity { get; init; }

    /// <summary>When the collector received the tick, Unix ms, UTC.</summary>
    public required long ReceivedMs { get; init; }
}
