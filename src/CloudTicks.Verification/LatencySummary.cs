namespace CloudTicks.Verification;

/// <summary>Delays from the collector's reading of a tick, in ms; null where nothing was measured.</summary>
/// <param name="P50">Half of the ticks took no longer.</param>
/// <param name="P99">99 of 100 ticks took no longer.</param>
public sealed record LatencySummary(long? P50, long? P99);
