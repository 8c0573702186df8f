using System.Diagnostics.CodeAnalysis;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>
/// Parses the names of symbols in REST: <c>AAPL</c>, <c>C:EUR-USD</c>, <c>X:BTC-USD</c>, <c>O:SPY251219C00650000</c>. Case-sensitive.
/// </summary>
internal static class TickerName
{
    /// <returns>False when the name is not valid in any market.</returns>
    public static bool TryParse(string ticker, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = null;
        var (market, hasValidForm) = ticker switch
        {
            ['C', ':', .. var pair] => (Market.Forex, IsPair(pair)),
            ['X', ':', .. var pair] => (Market.Crypto, IsPair(pair)),
            ['O', ':', ..] => (Market.Option, IsUpper(ticker)),
            _ => (Market.Stock, !ticker.Contains(':', StringComparison.Ordinal)),
        };
        return hasValidForm && Symbol.TryParse(market, ticker, out symbol);
    }

    /// <summary>Parses a name in the form of either history or reference data: <c>C:EUR-USD</c> or <c>C:EURUSD</c>.</summary>
    public static bool TryParseAny(string ticker, [NotNullWhen(true)] out Symbol? symbol) =>
        TryParse(ticker, out symbol)
        || (ticker is ['C' or 'X', ':', .. var pair] && IsUpper(pair) && !pair.Contains('-', StringComparison.Ordinal)
            && Symbol.TryParse(ticker, out symbol));

    private static bool IsPair(string pair) => IsUpper(pair) && pair.Split('-') is [{ Length: > 0 }, { Length: > 0 }];

    private static bool IsUpper(string text) => !text.Any(char.IsAsciiLetterLower);
}
