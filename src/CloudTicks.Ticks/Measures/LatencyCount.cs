namespace CloudTicks.Ticks.Measures;

/// <summary>One bucket of a latency histogram since the start of the process.</summary>
/// <param name="UpToMs">The upper bound of the bucket, in ms, inclusive.</param>
/// <param name="Ticks">The ticks of this bucket, not cumulative.</param>
public sealed record LatencyCount(double UpToMs, long Ticks);
