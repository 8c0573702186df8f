using System.Text.Json;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>Checks a collector's document beyond the schema: symbols are valid, lists and flags exist, something is selected.</summary>
internal sealed class CollectorCheck(JsonElement document, NamedLists lists, FaultList faults)
{
    private const string OperationalPath = "/operational";

    /// <summary>Maximum number of contracts whose quotes a connection to Polygon can subscribe to.</summary>
    private const int ContractsPerConnection = 1_000;

    private readonly JsonElement _operational = DocumentPart.Of(document, "operational");
    private readonly ListCheck _listCheck = new(lists, faults);

    public void Check()
    {
        var symbols = CheckSymbols("symbols", null);
        CheckUnderlyings();
        foreach (var (place, list) in DocumentPart.Texts(_operational, "lists", $"{OperationalPath}/lists"))
        {
            _listCheck.Check(place, list);
        }

        new RolloutCheck(document, lists, faults).Check(_listCheck);
        CheckFeed([.. symbols, .. CheckOnDemand(symbols)]);
        CheckSelection();
    }

    private List<(string Place, Symbol Symbol)> CheckSymbols(string field, Market? market)
    {
        var found = new List<(string, Symbol)>();
        var places = new Dictionary<Symbol, string>();
        foreach (var (place, text) in DocumentPart.Texts(_operational, field, $"{OperationalPath}/{field}"))
        {
            if (!Symbol.TryParse(text, out var symbol) || (market is { } only && !Symbol.TryParse(only, text, out symbol)))
            {
                faults.Add(place, $"It is {FaultText.Quote(text)}. {Symbol.HintFor(text)}");
            }
            else if (!places.TryAdd(symbol, place))
            {
                faults.Add(place, $"It is a duplicate of {symbol} at {places[symbol]}.");
            }
            else
            {
                if (SymbolAdvice.Of(symbol) is { } doubt)
                {
                    faults.AddDoubt(place, symbol.Name, $"It is {FaultText.Quote(text)}. {doubt} {SymbolAdvice.ForceHint}");
                }

                found.Add((place, symbol));
            }
        }

        return found;
    }

    /// <summary>Checks the symbols that relays added.</summary>
    private List<(string Place, Symbol Symbol)> CheckOnDemand(List<(string Place, Symbol Symbol)> named)
    {
        var found = new List<(string Place, Symbol Symbol)>();
        foreach (var (place, text, _) in OnDemandList.Texts(document))
        {
            if (!Symbol.TryParse(text, out var symbol))
            {
                faults.Add(place, $"It is {FaultText.Quote(text)}. {Symbol.HintFor(text)}");
                continue;
            }

            if (SymbolAdvice.Of(symbol) is { } doubt)
            {
                faults.AddDoubt(place, symbol.Name, $"It is {FaultText.Quote(text)}. {doubt}");
            }

            found.Add((place, symbol));
        }

        var connections = DocumentPart.Of(_operational, "max_connections") is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var set) ? set : 1;
        var contracts = named.Concat(found).Select(entry => entry.Symbol)
            .Where(symbol => symbol.Market == Market.Option).Distinct().Count();
        if (contracts > connections * ContractsPerConnection
            && found.FindLast(entry => entry.Symbol.Market == Market.Option) is { Place: { } last })
        {
            faults.Add(
                last,
                $"The document would select {contracts:N0} option contracts. The plan has room for {ContractsPerConnection:N0} option "
                + $"contracts on each of {connections} connections (max_connections).");
        }

        return found;
    }

    private void CheckUnderlyings()
    {
        foreach (var (place, symbol) in CheckSymbols("underlyings", Market.Stock))
        {
            if (symbol.Name.Contains(':', StringComparison.Ordinal))
            {
                faults.Add(place, $"It is {FaultText.Quote(symbol.Name)}, which is not a stock: use SPY for the options of SPY.");
            }
        }
    }

    /// <summary>If the document selects only trades, finds symbols that have none: currencies and metals.</summary>
    private void CheckFeed(List<(string Place, Symbol Symbol)> symbols)
    {
        if (DocumentPart.Text(_operational, "feed") != "trades")
        {
            return;
        }

        foreach (var (place, symbol) in symbols.Where(entry => entry.Symbol.Market == Market.Forex))
        {
            faults.Add(
                place,
                $"{symbol} has no trades, like all currencies and metals, but 'feed' is trades: set it to quotes or both, or remove the "
                + "symbol.");
        }

        if (_listCheck.Symbols.Count > 0 && _listCheck.Symbols.All(symbol => symbol.Market == Market.Forex)
            && symbols.TrueForAll(entry => entry.Symbol.Market == Market.Forex)
            && !DocumentPart.Entries(_operational, "underlyings").Any())
        {
            faults.Add(
                $"{OperationalPath}/feed",
                "Nothing would be collected: 'feed' is trades, but the symbols of the lists have only quotes. Set it to quotes or both.");
        }
    }

    private void CheckSelection()
    {
        var named = CollectorDefinition.Selection
            .Where(field => _operational.ValueKind == JsonValueKind.Object && _operational.TryGetProperty(field, out _)).ToArray();
        if (named.Length > 0 && named.All(field => !DocumentPart.Entries(_operational, field).Any())
            && !named.Any(field => faults.Has($"{OperationalPath}/{field}")))
        {
            faults.Add(
                $"{OperationalPath}/{named[0]}",
                $"Nothing would be collected: select symbols with {string.Join(", ", CollectorDefinition.Selection)}, or remove all "
                + "four to use the collector's own settings.");
        }
    }
}
