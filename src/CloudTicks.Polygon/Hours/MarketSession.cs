namespace CloudTicks.Polygon.Hours;

/// <summary>A phase of a market, with its beginning and end.</summary>
/// <param name="Began">The start; <see cref="DateTimeOffset.MinValue"/> when there is none.</param>
/// <param name="Ends">The latest end; <see cref="DateTimeOffset.MaxValue"/> when there is none.</param>
public readonly record struct MarketSession(MarketPhase Phase, DateTimeOffset Began, DateTimeOffset Ends);
