namespace CloudTicks.Verification;

/// <summary>Counts delays in whole milliseconds. Delays above ten minutes count as ten minutes. Not thread-safe.</summary>
internal sealed class LatencyHistogram
{
    private const int MaxMs = 600_000;

    private readonly long[] _counts = new long[MaxMs + 1];
    private long _total;

    public void Add(long milliseconds)
    {
        // Clocks differ, so a delay may be slightly negative.
        _counts[Math.Clamp(milliseconds, 0, MaxMs)]++;
        _total++;
    }

    /// <summary>The percentile of the delays, ms, for a share of 0 to 1; null without delays.</summary>
    public long? Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * _total));
        for (long milliseconds = 0, seen = 0; milliseconds <= MaxMs; milliseconds++)
        {
            seen += _counts[milliseconds];
            if (seen >= rank)
            {
                return milliseconds;
            }
        }

        return null;
    }

    public LatencySummary Summarise() => new(Percentile(0.50), Percentile(0.99));
}
