namespace CloudTicks.Polygon.Hours;

/// <summary>The phase of a market.</summary>
public enum MarketPhase
{
    /// <summary>No ticks are expected.</summary>
    Closed,

    /// <summary>Before and after the regular hours of stocks, with few ticks.</summary>
    Extended,

    /// <summary>The regular hours; for currencies and crypto all trading hours.</summary>
    Regular,
}
