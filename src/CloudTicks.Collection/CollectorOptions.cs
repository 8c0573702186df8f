using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Subscriptions;

namespace CloudTicks.Collection;

/// <summary>What is collected: the section <c>Collector</c>.</summary>
public sealed record CollectorOptions
{
    /// <summary>The pairs that are collected when nothing else is said.</summary>
    public static readonly IReadOnlyList<string> DefaultSymbols =
    [
        "EURUSD", "XAUUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCAD", "NZDUSD", "EURGBP", "EURJPY", "GBPJPY", "AUDJPY", "NZDJPY", "USDCHF",
        "XAGUSD",
    ];

    /// <summary>
    /// The symbols, in any of their forms (<c>EURUSD</c>, <c>EUR/USD</c>, <c>AAPL</c>, <c>X:BTC-USD</c>); also one text with commas.
    /// <see cref="DefaultSymbols"/> when there are none.
    /// </summary>
    public SymbolNames? Symbols { get; init; }

    /// <summary>
    /// Quotes, trades or both; by default quotes of currencies and metals, which have nothing else, and both of all other markets.
    /// </summary>
    public FeedSelection? Feed { get; init; }

    /// <summary>Whose ticks they are; a stream holds ticks of one feed only.</summary>
    public FeedName FeedName { get; init; } = FeedName.Polygon;

    /// <summary>Whether ticks older than 3 days, or more than a minute ahead of the clock, are marked; off where recorded ticks keep their times.</summary>
    public bool AgeCheck { get; init; } = true;
}
