namespace CloudTicks.Foundations;

/// <summary>
/// Pauses that double from one failed attempt to the next, up to a maximum. A random share of each keeps clients that a server lost at the
/// same time from returning at the same time.
/// </summary>
/// <param name="First">The pause after the first failure.</param>
/// <param name="Max">The longest pause, before the random share.</param>
/// <param name="MinShare">The smallest share of a pause.</param>
/// <param name="MaxShare">The largest share of a pause, exclusive; no share is random where it equals the smallest.</param>
public readonly record struct Backoff(TimeSpan First, TimeSpan Max, double MinShare = 1, double MaxShare = 1)
{
    // 2^40 is above any maximum in use, and far below what a double counts exactly.
    private const int MaxDoublings = 40;

    /// <summary>The pause after a failure.</summary>
    /// <param name="failures">Failures in a row so far, 1 or more.</param>
    /// <param name="random">Draws the share; a shared source by default.</param>
    public TimeSpan After(int failures, Random? random = null)
    {
        var ticks = First.Ticks * Math.Pow(2, Math.Clamp(failures - 1, 0, MaxDoublings));
        var pause = ticks < Max.Ticks ? TimeSpan.FromTicks((long)ticks) : Max;
        return pause * (MinShare + ((MaxShare - MinShare) * (random ?? Random.Shared).NextDouble()));
    }
}
