namespace CloudTicks.Polygon.Hours;

/// <summary>A phase of a market, with its beginning and end.</summary>
/// <param name="StartsAt">The beginning of the phase; <see cref="DateTimeOffset.MinValue"/> when it has none.</param>
/// <param name="EndsAt">The scheduled end of the phase; <see cref="DateTimeOffset.MaxValue"/> when there is none.</param>
public readonly record struct MarketSession(MarketPhase Phase, DateTimeOffset StartsAt, DateTimeOffset EndsAt);
