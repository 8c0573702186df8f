namespace CloudTicks.Ticks;

/// <summary>
/// The day over which a daily price change is measured. In every market it begins at midnight UTC, when no market is busy.
/// </summary>
public static class TradingDay
{
    private const long LengthMs = 86_400_000;

    /// <summary>Returns the beginning of the day that contains a time.</summary>
    /// <param name="timestampMs">Unix ms, UTC, not before 1970.</param>
    /// <returns>Unix ms, UTC.</returns>
    public static long BeginOf(long timestampMs) => timestampMs - (timestampMs % LengthMs);
}
