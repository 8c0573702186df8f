using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>The symbols of the settings: names, files and lists. <see cref="RolloutSymbols"/> reads the symbols of rollouts.</summary>
internal static class ConfiguredSymbols
{
    /// <summary>
    /// The symbols of names, files and lists, in this order and each once; the default symbols if the settings select nothing.
    /// </summary>
    public static IReadOnlyList<Symbol> Read(CollectorOptions options)
    {
        try
        {
            return ReadAll(options);
        }
        catch (SymbolListException exception)
        {
            throw new CollectorException(exception.Message, exception);
        }
    }

    /// <summary>The stocks whose option contracts are collected.</summary>
    /// <exception cref="CollectorException">A name is not a stock.</exception>
    public static IReadOnlyList<string> Underlyings(CollectorOptions options) =>
    [
        .. (options.Underlyings ?? []).Select(text => Symbol.TryParse(text, out _) && Symbol.TryParse(Market.Stock, text, out var symbol)
            && !text.Contains(':', StringComparison.Ordinal)
            ? symbol.Name
            : throw new CollectorException($"Collector:Underlyings has '{text}', which is not a stock: write SPY for the options of SPY."))
                .Distinct(),
    ];

    private static Symbol[] ReadAll(CollectorOptions options)
    {
        // Validates the underlyings, so that a wrong name fails at the start.
        Underlyings(options);
        var symbols = new List<Symbol>();
        symbols.AddRange(Parse(options.Symbols ?? []));
        foreach (var file in options.SymbolFiles ?? [])
        {
            symbols.AddRange(SymbolListFile.Read(file));
        }

        if (options.Lists is { Count: > 0 } names)
        {
            var lists = new NamedLists(options.ListFolder);
            symbols.AddRange(names.SelectMany(lists.Read));
        }

        if (symbols.Count == 0 && options.Underlyings is not { Count: > 0 } && RolloutSymbols.Read(options).IsEmpty)
        {
            symbols.AddRange(Parse(CollectorOptions.DefaultSymbols));
        }

        foreach (var symbol in Parse(options.Symbols ?? []))
        {
            RequireChannel(symbol, options.Feed);
        }

        return [.. symbols.Distinct()];
    }

    private static IEnumerable<Symbol> Parse(IEnumerable<string> names) => names.Select(
        text => Symbol.TryParse(text, out var symbol) ? symbol : throw new CollectorException(
            $"Collector:Symbols has '{text}', which is not a symbol: write stocks as AAPL, pairs as EURUSD or BTC-USD, options as "
                + $"O:SPY251219C00650000."));

    private static void RequireChannel(Symbol symbol, FeedSelection? feed)
    {
        if (feed == FeedSelection.Trades && !FeedChannel.Exists(symbol.Market, TickKind.Trade))
        {
            throw new CollectorException(
                $"Collector:Feed is trades, but {symbol} has none: currencies and metals have quotes only. Set Collector:Feed to quotes "
                    + "or both, or remove the symbol.");
        }
    }
}
