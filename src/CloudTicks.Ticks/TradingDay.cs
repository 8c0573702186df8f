namespace CloudTicks.Ticks;

/// <summary>
/// The session that a day's change is counted from. It begins at midnight UTC in every market: crypto never closes, the day of currencies
/// ends elsewhere for everybody, and of shares a day so cut holds the hours from before the opening to after the close.
/// </summary>
public static class TradingDay
{
    private const long LengthMs = 86_400_000;

    /// <summary>When the session of a time began.</summary>
    /// <param name="timestampMs">Unix ms, UTC, not before 1970.</param>
    /// <returns>Unix ms, UTC.</returns>
    public static long BeginOf(long timestampMs) => timestampMs - (timestampMs % LengthMs);
}
