namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Times of events. Documentation, examples and live data disagree on the unit of several of them, so that it is told by magnitude: between
/// 1973 and 5138 the four units do not overlap.
/// </summary>
internal static class EventTime
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
