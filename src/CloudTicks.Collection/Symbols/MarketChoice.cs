using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>The symbols that a command line selects, with files and lists resolved.</summary>
/// <param name="Underlyings">The stocks whose option contracts are collected.</param>
public sealed record MarketChoice(SymbolNames Symbols, SymbolNames Underlyings)
{
    private static readonly SymbolNames None = [];

    /// <summary>Resolves a choice. Lists and files contribute their symbols of the market; a name of another market is an error.</summary>
    /// <param name="market">
    /// The market. With <see cref="Market.Option"/>, the names are those of underlying stocks. With null, each name determines its market,
    /// and the list <c>all</c> contributes only its stocks.
    /// </param>
    /// <param name="listFolder">A folder of custom lists; null when there is none.</param>
    /// <param name="acceptsDoubtful">Whether names and files may contain symbols that do not look like symbols of their market.</param>
    /// <exception cref="CollectorException">
    /// Nothing is selected, a name is invalid, doubtful or of another market, or a file or list cannot be used.
    /// </exception>
    public static MarketChoice Resolve(
        Market? market, IReadOnlyCollection<string> names, IReadOnlyCollection<string> files, IReadOnlyCollection<string> lists,
        string? listFolder, bool acceptsDoubtful = false)
    {
        if (names.Count + files.Count + lists.Count == 0)
        {
            throw new CollectorException("Nothing is selected: name symbols, a symbol file or a list.");
        }

        var (faults, doubts, named) = (new List<string>(), new List<string>(), new List<Symbol>());
        foreach (var name in names)
        {
            if (Parse(market, name, out var fault) is not { } symbol)
            {
                faults.Add(fault!);
                continue;
            }

            named.Add(symbol);
            if (SymbolAdvice.Of(symbol) is { } advice)
            {
                doubts.Add($"'{name}': {advice}");
            }
        }

        var listedSymbols = ReadListed(market, files, lists, listFolder, doubts, faults);
        if (doubts.Count > 0 && !acceptsDoubtful)
        {
            faults.Add($"{string.Join(Environment.NewLine, doubts)} {SymbolAdvice.ForceHint}");
        }

        if (faults.Count > 0)
        {
            throw new CollectorException(string.Join(Environment.NewLine, faults.Distinct()));
        }

        var wantedMarket = market == Market.Option ? Market.Stock : market;
        Symbol[] symbols =
        [
            .. named.Concat(listedSymbols.Where(symbol => MatchesMarket(symbol, market, wantedMarket))).Distinct(),
        ];
        if (symbols.Length == 0)
        {
            throw new CollectorException(
                $"Nothing is selected: the {(files.Count > 0 ? "files" : "lists")} have no symbol of the market {market!.Value.Path()}.");
        }

        return market != Market.Option
            ? new MarketChoice(Names(symbols), None)
            : new MarketChoice(
                Names(symbols.Where(symbol => symbol.Market == Market.Option)),
                Names(symbols.Where(symbol => symbol.Market == Market.Stock)));
    }

    private static SymbolNames Names(IEnumerable<Symbol> symbols) => new(symbols.Select(symbol => symbol.Name));

    private static bool MatchesMarket(Symbol symbol, Market? market, Market? wantedMarket) =>
        wantedMarket is null || symbol.Market == wantedMarket || (market == Market.Option && symbol.Market == Market.Option);

    private static List<Symbol> ReadListed(
        Market? market, IReadOnlyCollection<string> files, IReadOnlyCollection<string> lists, string? listFolder, List<string> doubts,
        List<string> faults)
    {
        var listedSymbols = new List<Symbol>();
        foreach (var file in files)
        {
            Add(() => SymbolListFile.Read(file, doubts));
        }

        NamedLists? known = null;
        foreach (var list in lists)
        {
            Add(() => (known ??= new NamedLists(listFolder)).Read(list).Where(symbol =>
                market is not null || !list.Equals(NamedLists.All, StringComparison.OrdinalIgnoreCase) || symbol.Market == Market.Stock));
        }

        return listedSymbols;

        void Add(Func<IEnumerable<Symbol>> read)
        {
            try
            {
                listedSymbols.AddRange(read());
            }
            catch (SymbolListException exception)
            {
                faults.Add(exception.Message);
            }
        }
    }

    private static Symbol? Parse(Market? market, string name, out string? fault)
    {
        fault = null;
        if (!Symbol.TryParse(name, out var symbol))
        {
            fault = $"'{name}' is not a symbol: write stocks as AAPL, pairs as EURUSD or BTC-USD, options as O:SPY251219C00650000.";
            return null;
        }

        if (market is null || symbol.Market == market || (market == Market.Option && symbol.Market == Market.Stock))
        {
            return symbol;
        }

        // A name that looks like a stock may be a pair of currency codes that are in no list yet.
        if (market is Market.Forex or Market.Crypto && symbol.Market == Market.Stock && Symbol.TryParse(market.Value, name, out var pair)
            && IsPair(name))
        {
            return pair;
        }

        fault = $"'{name}' belongs to the market {symbol.Market.Path()}, not to {market.Value.Path()}.";
        return null;
    }

    private static bool IsPair(string name) => name.Length >= 6;
}
