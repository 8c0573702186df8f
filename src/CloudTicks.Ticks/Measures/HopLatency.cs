namespace CloudTicks.Ticks.Measures;

/// <summary>How long ticks took from one place to another, of the last seconds.</summary>
/// <param name="P50Ms">Half of them took no longer, in ms.</param>
/// <param name="P99Ms">99 of a hundred took no longer, in ms.</param>
public sealed record HopLatency(double P50Ms, double P99Ms)
{
    /// <summary>Reads it off a window.</summary>
    /// <param name="nowMs">Unix ms.</param>
    /// <returns>Null when no tick came of late.</returns>
    public static HopLatency? Of(LatencyWindow window, long nowMs) =>
        window.Percentile(0.5, nowMs) is { } middle && window.Percentile(0.99, nowMs) is { } high
            ? new HopLatency(middle, high)
            : null;
}
