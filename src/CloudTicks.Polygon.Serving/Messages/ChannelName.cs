using System.Diagnostics.CodeAnalysis;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Messages;

/// <summary>The name of a channel: <c>C.EUR/USD</c>, <c>T.BRK.A</c>, <c>XT.BTC-USD</c>, <c>Q.*</c>.</summary>
/// <param name="Kind">The kind of tick that the prefix means; null for channels without ticks, such as bars.</param>
internal readonly record struct ChannelName(TickKind? Kind, string Symbol)
{
    private const string Wildcard = "*";

    // The channel prefixes of each market. Only prefixes for which KindOf returns a kind have ticks.
    private static readonly Dictionary<Market, string[]> Prefixes = new()
    {
        [Market.Stock] = ["T", "Q", "A", "AM", "LULD", "NOI", "FMV"],
        [Market.Option] = ["T", "Q", "A", "AM", "FMV"],
        [Market.Forex] = ["C", "CA", "CAS", "FMV"],
        [Market.Crypto] = ["XT", "XQ", "XA", "XAS", "FMV"],
    };

    public bool IsWildcard => Symbol == Wildcard;

    /// <summary>Whether a channel is a level 2 book; Polygon discontinued these channels in August 2025.</summary>
    public static bool IsDiscontinued(Market market, string text) =>
        market == Market.Crypto && text.StartsWith("XL2.", StringComparison.Ordinal);

    /// <summary>Parses a channel. The prefix ends at the first dot, because tickers contain dots.</summary>
    /// <returns>
    /// False for a channel that the market does not have. As on Polygon, the server does not respond to it, unless it is discontinued.
    /// </returns>
    public static bool TryParse(Market market, string text, out ChannelName channel)
    {
        channel = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == text.Length - 1 || !Prefixes[market].Contains(text[..dot]))
            return false;
        channel = new ChannelName(KindOf(market, text[..dot]), text[(dot + 1)..]);
        return true;
    }

    public bool TryGetSymbol(Market market, [NotNullWhen(true)] out Symbol? symbol) => Ticks.Symbol.TryParse(market, Symbol, out symbol);

    private static TickKind? KindOf(Market market, string prefix) => (market, prefix) switch
    {
        (Market.Forex, "C") or (Market.Stock or Market.Option, "Q") or (Market.Crypto, "XQ") => TickKind.Quote,
        (Market.Stock or Market.Option, "T") or (Market.Crypto, "XT") => TickKind.Trade,
        _ => null,
    };
}
