namespace CloudTicks.Ticks.Measures;

/// <summary>How many ticks took so long, since the start of the process.</summary>
/// <param name="UpToMs">The longest latency of the step, in ms; the step before ends below it.</param>
/// <param name="Ticks">Ticks of this step alone.</param>
public sealed record LatencyCount(double UpToMs, long Ticks);
