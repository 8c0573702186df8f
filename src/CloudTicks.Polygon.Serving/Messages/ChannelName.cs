using System.Diagnostics.CodeAnalysis;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Messages;

/// <summary>What a client subscribes to: <c>C.EUR/USD</c>, <c>T.BRK.A</c>, <c>XT.BTC-USD</c>, <c>Q.*</c>.</summary>
/// <param name="Kind">The kind of ticks of the prefix; null for one that carries no ticks, such as bars.</param>
internal readonly record struct ChannelName(TickKind? Kind, string Symbol)
{
    private const string Wildcard = "*";

    // The channels of each market, of which those with a kind carry ticks.
    private static readonly Dictionary<Market, string[]> Prefixes = new()
    {
        [Market.Stock] = ["T", "Q", "A", "AM", "LULD", "NOI", "FMV"],
        [Market.Option] = ["T", "Q", "A", "AM", "FMV"],
        [Market.Forex] = ["C", "CA", "CAS", "FMV"],
        [Market.Crypto] = ["XT", "XQ", "XA", "XAS", "FMV"],
    };

    public bool IsWildcard => Symbol == Wildcard;

    /// <summary>Whether a channel is one of level 2 books, which Polygon has ended (August 2025).</summary>
    public static bool IsEnded(Market market, string text) => market == Market.Crypto && text.StartsWith("XL2.", StringComparison.Ordinal);

    /// <summary>Reads a channel. Tickers contain dots, so the prefix ends at the first one.</summary>
    /// <returns>False for a channel that the market does not have: the server then says nothing at all, as the real one.</returns>
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
