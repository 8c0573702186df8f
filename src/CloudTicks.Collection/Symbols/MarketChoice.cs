using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>What is collected of one market, as it was named on a command line: names, files and lists are resolved once.</summary>
/// <param name="Underlyings">The shares whose option contracts are to be collected.</param>
public sealed record MarketChoice(SymbolNames Symbols, SymbolNames Underlyings)
{
    private static readonly SymbolNames None = [];

    /// <summary>Resolves a choice. Of lists and files the symbols of the market are taken; a name of another market is an error.</summary>
    /// <param name="market">The market, where <see cref="Market.Option"/> makes shares of the names; null leaves it to the names
    /// themselves, and of the list <c>all</c> takes the shares.</param>
    /// <param name="listFolder">A folder with lists of one's own; null when there is none.</param>
    /// <param name="takesDoubtful">Whether names and files may have symbols that do not look like one of their market.</param>
    /// <exception cref="CollectorException">Nothing is selected, a name is no symbol, doubtful or of another market, or a file or list
    /// cannot be used.</exception>
    public static MarketChoice Resolve(
        Market? market, IReadOnlyCollection<string> names, IReadOnlyCollection<string> files, IReadOnlyCollection<string> lists,
        string? listFolder, bool takesDoubtful = false)
    {
        if (names.Count + files.Count + lists.Count == 0)
        {
            throw new CollectorException("Nothing is selected: name symbols, a file of symbols, or a list.");
        }

        var doubts = new List<string>();
        var named = names.Select(name => Named(market, name)).ToArray();
        doubts.AddRange(names.Zip(named).Where(one => SymbolAdvice.Of(one.Second) is not null)
            .Select(one => $"'{one.First}': {SymbolAdvice.Of(one.Second)}"));
        var listed = Listed(market, files, lists, listFolder, doubts);
        if (doubts.Count > 0 && !takesDoubtful)
        {
            throw new CollectorException($"{string.Join(Environment.NewLine, doubts)} {SymbolAdvice.Cure}");
        }

        var wanted = market == Market.Option ? Market.Stock : market;
        Symbol[] symbols =
        [
            .. named.Concat(listed.Where(symbol => Fits(symbol, market, wanted))).Distinct(),
        ];
        if (symbols.Length == 0)
        {
            throw new CollectorException(
                $"Nothing is selected: the {(files.Count > 0 ? "files" : "lists")} hold no symbol of the market {market!.Value.Path()}.");
        }

        return market != Market.Option
            ? new MarketChoice(Names(symbols), None)
            : new MarketChoice(
                Names(symbols.Where(symbol => symbol.Market == Market.Option)),
                Names(symbols.Where(symbol => symbol.Market == Market.Stock)));
    }

    private static SymbolNames Names(IEnumerable<Symbol> symbols) => new(symbols.Select(symbol => symbol.Name));

    private static bool Fits(Symbol symbol, Market? market, Market? wanted) =>
        wanted is null || symbol.Market == wanted || (market == Market.Option && symbol.Market == Market.Option);

    private static Symbol[] Listed(
        Market? market, IReadOnlyCollection<string> files, IReadOnlyCollection<string> lists, string? listFolder, List<string> doubts)
    {
        try
        {
            return [.. files.SelectMany(file => SymbolListFile.Read(file, doubts)), .. Listed(market, lists, listFolder)];
        }
        catch (SymbolListException exception)
        {
            throw new CollectorException(exception.Message, exception);
        }
    }

    private static IEnumerable<Symbol> Listed(Market? market, IReadOnlyCollection<string> lists, string? listFolder)
    {
        if (lists.Count == 0)
        {
            return [];
        }

        var known = new NamedLists(listFolder);
        return lists.SelectMany(list => known.Read(list)
            .Where(symbol =>
                market is not null || !list.Equals(NamedLists.All, StringComparison.OrdinalIgnoreCase) || symbol.Market == Market.Stock));
    }

    private static Symbol Named(Market? market, string name)
    {
        if (!Symbol.TryParse(name, out var symbol))
        {
            throw new CollectorException(
                $"'{name}' is no symbol: write stocks as AAPL, pairs as EURUSD or BTC-USD, options as O:SPY251219C00650000.");
        }

        if (market is null || symbol.Market == market || (market == Market.Option && symbol.Market == Market.Stock))
        {
            return symbol;
        }

        // What looks like a share may be a pair of codes that are in no list yet.
        return market is Market.Forex or Market.Crypto && symbol.Market == Market.Stock && Symbol.TryParse(market.Value, name, out var pair)
            && IsPair(name)
            ? pair
            : throw new CollectorException(
                $"'{name}' is of the market {symbol.Market.Path()}, and {market.Value.Path()} is what is asked for.");
    }

    private static bool IsPair(string name) => name.Length >= 6;
}
