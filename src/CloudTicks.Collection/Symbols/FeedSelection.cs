namespace CloudTicks.Collection.Symbols;

/// <summary>Which kinds of ticks are collected.</summary>
public enum FeedSelection
{
    /// <summary>Quotes and trades, if the market has both.</summary>
    Both,

    /// <summary>Quotes only.</summary>
    Quotes,

    /// <summary>Trades only.</summary>
    Trades,
}
