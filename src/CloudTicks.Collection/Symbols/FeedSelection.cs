namespace CloudTicks.Collection.Symbols;

/// <summary>Which kinds of ticks are collected.</summary>
public enum FeedSelection
{
    /// <summary>Quotes and trades, where a market has both.</summary>
    Both,

    /// <summary>Quotes alone.</summary>
    Quotes,

    /// <summary>Trades alone.</summary>
    Trades,
}
