using System.Text.Unicode;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Ticks.Checks;

/// <summary>What a tick of a record must be before it is stored or sent on: records are data of strangers.</summary>
public static class StorableTick
{
    private static readonly long EarliestMs = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long LatestMs = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>What the collector never lets pass, but a stranger's record may hold: the end of a sentence, or null.</summary>
    public static string? Fault(scoped in Tick tick) =>
        tick.TimestampMs < EarliestMs || tick.TimestampMs >= LatestMs ? "is from before 1990 or after 2100"
        : !TickIdentity.IsDefinedFor(tick.Symbol.Market, tick.Kind)
        ? $"is a {tick.Kind} of market {tick.Symbol.Market}, which no feed sends"
        : tick.TradeId.Length > 0 && (tick.TradeId.Contains((byte)0) || !Utf8.IsValid(tick.TradeId)) ? "has a trade id that is no text"
        : null;
}
