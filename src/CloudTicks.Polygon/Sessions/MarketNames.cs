using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Sessions;

/// <summary>The names of markets in Polygon's addresses.</summary>
public static class MarketNames
{
    /// <summary>The last part of the market's WebSocket address.</summary>
    /// <returns><c>stocks</c>, <c>options</c>, <c>forex</c> or <c>crypto</c>.</returns>
    public static string Path(this Market market) => market switch
    {
        Market.Stock => "stocks",
        Market.Option => "options",
        Market.Forex => "forex",
        Market.Crypto => "crypto",
        _ => throw new ArgumentOutOfRangeException(nameof(market), market, "Unknown market."),
    };
}
