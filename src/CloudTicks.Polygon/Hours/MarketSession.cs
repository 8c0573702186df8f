namespace CloudTicks.Polygon.Hours;

/// <summary>A phase of a market, and when it lasts.</summary>
/// <param name="Began">Since when; <see cref="DateTimeOffset.MinValue"/> where it always did.</param>
/// <param name="Ends">When this has to be looked at again, at the latest; <see cref="DateTimeOffset.MaxValue"/> where never.</param>
public readonly record struct MarketSession(MarketPhase Phase, DateTimeOffset Began, DateTimeOffset Ends);
