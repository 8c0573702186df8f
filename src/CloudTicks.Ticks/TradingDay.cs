namespace CloudTicks.Ticks;

/// <summary>The session of a daily price change. In every market it begins at midnight UTC, when no market is busy.</summary>
public static class TradingDay
{
    private const long LengthMs = 86_400_000;

    /// <summary>The beginning of the session that contains a time.</summary>
    /// <param name="timestampMs">Unix ms, UTC, not before 1970.</param>
    /// <returns>Unix ms, UTC.</returns>
    public static long BeginOf(long timestampMs) => timestampMs - (timestampMs % LengthMs);
}
