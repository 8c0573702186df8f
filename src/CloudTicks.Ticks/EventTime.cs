namespace CloudTicks.Ticks;

/// <summary>Documentation and live data disagree on units, so magnitude decides: between 1973 and 5138 the four do not overlap.</summary>
public static class EventTime
{
    private const long SecondsBelow = 100_000_000_000;
    private const long MillisecondsBelow = 1_000 * SecondsBelow;
    private const long MicrosecondsBelow = 1_000 * MillisecondsBelow;

    /// <summary>The time in ms; what is finer is cut.</summary>
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
