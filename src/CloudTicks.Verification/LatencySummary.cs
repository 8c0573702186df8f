namespace CloudTicks.Verification;

/// <summary>Delays since the collector read a tick, in ms; null where nothing was measured.</summary>
/// <param name="P50">Median, in ms.</param>
/// <param name="P99">99th percentile, in ms.</param>
public sealed record LatencySummary(long? P50, long? P99);
