using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>
/// Writes symbols in the form of history addresses: <c>ABC</c>, <c>O:SPY251219C00650000</c>, <c>C:EUR-USD</c>, <c>X:BTC-USD</c>.
/// </summary>
internal static class RestTicker
{
    private const int QuoteCurrencyLength = 3;

    /// <summary>
    /// A symbol in the form of the reference data: <c>C:EURUSD</c>, <c>X:BTCUSD</c>; symbols of other markets as in history addresses.
    /// </summary>
    /// <exception cref="ArgumentException">The name cannot be part of an address.</exception>
    public static string ToReference(Symbol symbol) => symbol.Market is Market.Forex or Market.Crypto
        ? Of(symbol).Replace("-", "", StringComparison.Ordinal) : Of(symbol);

    /// <exception cref="ArgumentException">The name cannot be part of an address.</exception>
    public static string Of(Symbol symbol)
    {
        // Names with unknown currency codes already have their market's prefix.
        var name = symbol.Market is Market.Forex or Market.Crypto
            ? symbol.Name[(symbol.Name.IndexOf(':', StringComparison.Ordinal) + 1)..]
            : symbol.Name;
        var ticker = symbol.Market switch
        {
            Market.Forex when name.Length > QuoteCurrencyLength => $"C:{name[..^QuoteCurrencyLength]}-{name[^QuoteCurrencyLength..]}",
            Market.Forex => $"C:{name}",
            Market.Crypto => $"X:{name}",
            _ => name,
        };
        return ticker is "." or ".."
            ? throw new ArgumentException($"'{ticker}' is not a ticker of Polygon.", nameof(symbol))
            : Uri.EscapeDataString(ticker).Replace("%3A", ":", StringComparison.Ordinal);
    }
}
