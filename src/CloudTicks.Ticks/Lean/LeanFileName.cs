using System.Globalization;
using System.Text.RegularExpressions;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Ticks.Lean;

/// <summary>The parts of the name of a LEAN tick file: <c>20140508_eurusd_tick_quote.csv</c>, <c>20131009_spy_Trade_Tick.csv</c>.</summary>
/// <param name="Date">The day; times in the file are milliseconds since its midnight.</param>
/// <param name="Symbol">The symbol of all ticks in the file.</param>
/// <param name="Kind">The kind of all ticks in the file.</param>
public sealed partial record LeanFileName(DateOnly Date, Symbol Symbol, TickKind Kind)
{
    /// <summary>The message for a file name that does not match.</summary>
    public const string Hint =
        "Expected a date, a symbol and the kind, such as 20140508_eurusd_tick_quote.csv or 20131009_spy_trade_tick.csv.";

    /// <summary>Reads the name of a CSV.</summary>
    /// <param name="name">The name, without a folder.</param>
    /// <param name="market">The market; null when it is unknown.</param>
    /// <param name="file">The parts of the name.</param>
    /// <returns>False when it is not the name of a LEAN tick file.</returns>
    public static bool TryParse(string name, Market? market, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LeanFileName? file)
    {
        file = null;
        var match = Pattern().Match(name);
        if (!match.Success
            || !DateOnly.TryParseExact(
                match.Groups["date"].ValueSpan, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || !TryParseSymbol(match.Groups["symbol"].Value.ToUpperInvariant(), market, out var symbol))
        {
            return false;
        }

        var kind = match.Groups["kind"].Value.Contains("quote", StringComparison.OrdinalIgnoreCase) ? TickKind.Quote : TickKind.Trade;
        file = new LeanFileName(date, symbol, kind);
        return true;
    }

    /// <summary>Parses the symbol. LEAN writes pairs without a dash, so a pair is recognised as crypto by its two halves.</summary>
    private static bool TryParseSymbol(
        string text, Market? market, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        if (market is null && CurrencyCodes.QuoteCurrencyOf(text) is { } quote && CurrencyCodes.IsCrypto(text[..^quote.Length]))
        {
            market = Market.Crypto;
        }

        return market is { } known ? Symbol.TryParse(known, text, out symbol) : Symbol.TryParse(text, out symbol);
    }

    [GeneratedRegex(
        "^(?<date>[0-9]{8})_(?<symbol>[A-Za-z0-9.]+)_(?<kind>tick_quote|quote_tick|tick_trade|trade_tick)\\.csv$", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
