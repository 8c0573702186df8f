namespace CloudTicks.Ticks;

/// <summary>The session of a daily price change. It begins at midnight UTC in every market, outside all markets' busy hours.</summary>
public static class TradingDay
{
    private const long LengthMs = 86_400_000;

    /// <summary>The beginning of the session that contains a time.</summary>
    /// <param name="timestampMs">Unix ms, UTC, not before 1970.</param>
    /// <returns>Unix ms, UTC.</returns>
    public static long BeginOf(long timestampMs) => timestampMs - (timestampMs % LengthMs);
}
