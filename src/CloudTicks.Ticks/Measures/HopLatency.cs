namespace CloudTicks.Ticks.Measures;

/// <summary>The latency percentiles of one hop over the last few seconds.</summary>
/// <param name="P50Ms">Median, in ms.</param>
/// <param name="P99Ms">99th percentile, in ms.</param>
public sealed record HopLatency(double P50Ms, double P99Ms)
{
    /// <summary>Reads the percentiles of a window.</summary>
    /// <param name="nowMs">Unix ms.</param>
    /// <returns>Null when no tick arrived in the window.</returns>
    public static HopLatency? Of(LatencyWindow window, long nowMs) =>
        window.Percentile(0.5, nowMs) is { } median && window.Percentile(0.99, nowMs) is { } high
            ? new HopLatency(median, high)
            : null;
}
