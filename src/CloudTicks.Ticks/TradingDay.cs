namespace CloudTicks.Ticks;

/// <summary>The session for a day's change: it begins at midnight UTC in every market, between all markets' busy hours.</summary>
public static class TradingDay
{
    private const long LengthMs = 86_400_000;

    /// <summary>When the session of a time began.</summary>
    /// <param name="timestampMs">Unix ms, UTC, not before 1970.</param>
    /// <returns>Unix ms, UTC.</returns>
    public static long BeginOf(long timestampMs) => timestampMs - (timestampMs % LengthMs);
}
