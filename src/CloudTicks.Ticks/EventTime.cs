namespace CloudTicks.Ticks;

/// <summary>
/// Converts the feed's times to ms. Polygon's documentation and live data disagree on units, so the magnitude decides: between 1973 and
/// 5138 the four units do not overlap.
/// </summary>
public static class EventTime
{
    private const long SecondsBelow = 100_000_000_000;
    private const long MillisecondsBelow = 1_000 * SecondsBelow;
    private const long MicrosecondsBelow = 1_000 * MillisecondsBelow;

    /// <summary>The time in whole ms; a fraction is truncated.</summary>
    /// <param name="time">Unix time in seconds, ms, µs or ns.</param>
    public static long ToMilliseconds(long time) => time switch
    {
        < 0 => time,
        < SecondsBelow => time * 1_000,
        < MillisecondsBelow => time,
        < MicrosecondsBelow => time / 1_000,
        _ => time / 1_000_000,
    };
}
