using System.Diagnostics.CodeAnalysis;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>REST's names: <c>AAPL</c>, <c>C:EUR-USD</c>, <c>X:BTC-USD</c>, <c>O:SPY251219C00650000</c>; case counts.</summary>
internal static class TickerName
{
    /// <returns>False for a name that no market has, of which there simply is nothing.</returns>
    public static bool TryParse(string ticker, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = null;
        var (market, isNamedSo) = ticker switch
        {
            ['C', ':', .. var pair] => (Market.Forex, IsPair(pair)),
            ['X', ':', .. var pair] => (Market.Crypto, IsPair(pair)),
            ['O', ':', ..] => (Market.Option, IsUpper(ticker)),
            _ => (Market.Stock, !ticker.Contains(':', StringComparison.Ordinal)),
        };
        return isNamedSo && Symbol.TryParse(market, ticker, out symbol);
    }

    private static bool IsPair(string pair) => IsUpper(pair) && pair.Split('-') is [{ Length: > 0 }, { Length: > 0 }];

    private static bool IsUpper(string text) => !text.Any(char.IsAsciiLetterLower);
}
