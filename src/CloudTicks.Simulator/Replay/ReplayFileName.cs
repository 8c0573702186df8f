using System.Globalization;
using System.Text.RegularExpressions;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Replay;

/// <summary>What LEAN's name of a tick file says: <c>20140508_eurusd_tick_quote.csv</c>, <c>20131009_spy_Trade_Tick.csv</c>.</summary>
/// <param name="Date">The day on which its milliseconds count from midnight.</param>
internal sealed partial record ReplayFileName(DateOnly Date, Symbol Symbol, TickKind Kind)
{
    /// <summary>Reads the name of a CSV.</summary>
    /// <exception cref="StartException">It is not one, or of ticks that the simulator does not send.</exception>
    public static ReplayFileName Parse(string name, string path)
    {
        var match = Pattern().Match(name);
        if (!match.Success
            || !DateOnly.TryParseExact(
                match.Groups["date"].ValueSpan, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || !Symbol.TryParse(match.Groups["symbol"].Value.ToUpperInvariant(), out var symbol))
        {
            throw new StartException(
                $"{path}: '{name}' is no name of a tick file. Expected a date, a symbol and the kind, such as "
                    + $"20140508_eurusd_tick_quote.csv or 20131009_spy_trade_tick.csv.");
        }

        var kind = match.Groups["kind"].Value.Contains("quote", StringComparison.OrdinalIgnoreCase) ? TickKind.Quote : TickKind.Trade;
        if ((symbol.Market, kind) is not ((Market.Stock, _) or (Market.Forex, TickKind.Quote)))
            throw new StartException(
                $"{path}: '{name}' holds {symbol.Market} {kind}s; stock trades, stock quotes, and quotes of currencies and metals can be "
                    + $"replayed.");
        return new ReplayFileName(date, symbol, kind);
    }

    [GeneratedRegex(
        "^(?<date>[0-9]{8})_(?<symbol>[A-Za-z0-9.]+)_(?<kind>tick_quote|quote_tick|tick_trade|trade_tick)\\.csv$", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
