namespace CloudTicks.Polygon.Hours;

/// <summary>What a market does at a moment.</summary>
public enum MarketPhase
{
    /// <summary>Nothing is to be expected.</summary>
    Closed,

    /// <summary>Stocks before and after the regular hours: ticks come, and few.</summary>
    Extended,

    /// <summary>The regular hours; for currencies and crypto all hours in which they trade.</summary>
    Regular,
}
