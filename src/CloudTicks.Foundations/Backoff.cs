namespace CloudTicks.Foundations;

/// <summary>
/// Pauses that double after each failed attempt, up to a maximum. Randomising them keeps clients that lost a server at the same time from
/// reconnecting at the same time.
/// </summary>
/// <param name="First">The pause after the first failure.</param>
/// <param name="Max">The longest pause, before the random factor.</param>
/// <param name="MinFactor">The smallest random factor of a pause.</param>
/// <param name="MaxFactor">The largest random factor of a pause, exclusive. When it equals the smallest, pauses are not random.</param>
public readonly record struct Backoff(TimeSpan First, TimeSpan Max, double MinFactor = 1, double MaxFactor = 1)
{
    // After 40 doublings, a pause exceeds any maximum in use. A double represents 2^40 exactly.
    private const int MaxDoublings = 40;

    /// <summary>The pause after a failure.</summary>
    /// <param name="failures">Consecutive failures so far, at least 1.</param>
    /// <param name="random">Source of the random factor; <see cref="Random.Shared"/> by default.</param>
    public TimeSpan After(int failures, Random? random = null)
    {
        var delayTicks = First.Ticks * Math.Pow(2, Math.Clamp(failures - 1, 0, MaxDoublings));
        var pause = delayTicks < Max.Ticks ? TimeSpan.FromTicks((long)delayTicks) : Max;
        return pause * (MinFactor + ((MaxFactor - MinFactor) * (random ?? Random.Shared).NextDouble()));
    }
}
