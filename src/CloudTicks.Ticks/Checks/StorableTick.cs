using System.Text.Unicode;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Ticks.Checks;

/// <summary>Checks the ticks of a record before they are stored or sent to clients of the relay. Records are untrusted input.</summary>
public static class StorableTick
{
    private static readonly long EarliestMs = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long LatestMs = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>
    /// Returns why a tick cannot be stored, worded as the end of a sentence; null when it can be stored. The collector never writes a tick
    /// that cannot be stored.
    /// </summary>
    public static string? Fault(scoped in Tick tick) =>
        tick.TimestampMs < EarliestMs || tick.TimestampMs >= LatestMs ? "has a time before 1990 or after 2099"
        : !TickIdentity.IsDefinedFor(tick.Symbol.Market, tick.Kind)
        ? $"is a {tick.Kind} of market {tick.Symbol.Market}, which no feed sends"
        : tick.TradeId.Length > 0 && (tick.TradeId.Contains((byte)0) || !Utf8.IsValid(tick.TradeId))
                ? "has a trade id that is not valid text"
        : null;
}
