using System.Text.Json;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>What a schema cannot say of a collector's document: whether each symbol is one, whether lists and flags exist, whether anything
/// is selected.</summary>
internal sealed class CollectorCheck(JsonElement document, NamedLists lists, FaultList faults)
{
    private const string Operational = "/operational";

    /// <summary>Quotes of so many contracts can be subscribed to on one connection of Polygon.</summary>
    private const int ContractsPerConnection = 1_000;

    private readonly JsonElement _operational = DocumentPart.Of(document, "operational");
    private readonly ListCheck _listed = new(lists, faults);

    public void Check()
    {
        var symbols = CheckSymbols("symbols", null);
        CheckUnderlyings();
        foreach (var (place, list) in DocumentPart.Texts(_operational, "lists", $"{Operational}/lists"))
        {
            _listed.Check(place, list);
        }

        new RolloutCheck(document, lists, faults).Check(_listed);
        CheckFeed([.. symbols, .. CheckOnDemand(symbols)]);
        CheckSelection();
    }

    private List<(string Place, Symbol Symbol)> CheckSymbols(string field, Market? market)
    {
        var found = new List<(string, Symbol)>();
        var places = new Dictionary<Symbol, string>();
        foreach (var (place, text) in DocumentPart.Texts(_operational, field, $"{Operational}/{field}"))
        {
            if (!Symbol.TryParse(text, out var symbol) || (market is { } only && !Symbol.TryParse(only, text, out symbol)))
            {
                faults.Add(place, $"It is {Shown.Text(text)}. {Symbol.HintFor(text)}");
            }
            else if (!places.TryAdd(symbol, place))
            {
                faults.Add(place, $"It is {symbol} again, which stands at {places[symbol]} already.");
            }
            else
            {
                if (SymbolAdvice.Of(symbol) is { } doubt)
                {
                    faults.AddDoubt(place, symbol.Name, $"It is {Shown.Text(text)}. {doubt} {SymbolAdvice.Cure}");
                }

                found.Add((place, symbol));
            }
        }

        return found;
    }

    /// <summary>What relays add is held against the plan: nobody is there who could be asked to choose.</summary>
    private List<(string Place, Symbol Symbol)> CheckOnDemand(List<(string Place, Symbol Symbol)> named)
    {
        var found = new List<(string Place, Symbol Symbol)>();
        foreach (var (place, text, _) in OnDemandList.Texts(document))
        {
            if (!Symbol.TryParse(text, out var symbol))
            {
                faults.Add(place, $"It is {Shown.Text(text)}. {Symbol.HintFor(text)}");
                continue;
            }

            if (SymbolAdvice.Of(symbol) is { } doubt)
            {
                faults.AddDoubt(place, symbol.Name, $"It is {Shown.Text(text)}. {doubt}");
            }

            found.Add((place, symbol));
        }

        var connections = DocumentPart.Of(_operational, "max_connections") is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var set) ? set : 1;
        var contracts = named.Concat(found).Select(one => one.Symbol).Where(symbol => symbol.Market == Market.Option).Distinct().Count();
        if (contracts > connections * ContractsPerConnection
            && found.FindLast(one => one.Symbol.Market == Market.Option) is { Place: { } last })
        {
            faults.Add(
                last,
                $"The plan has room for {ContractsPerConnection:N0} option contracts on each of {connections} connections "
                    + $"(max_connections), and these would be {contracts:N0}.");
        }

        return found;
    }

    private void CheckUnderlyings()
    {
        foreach (var (place, symbol) in CheckSymbols("underlyings", Market.Stock))
        {
            if (symbol.Name.Contains(':', StringComparison.Ordinal))
            {
                faults.Add(place, $"It is {Shown.Text(symbol.Name)}, which is no share: write SPY for the options of SPY.");
            }
        }
    }

    /// <summary>Currencies and metals have quotes alone.</summary>
    private void CheckFeed(List<(string Place, Symbol Symbol)> symbols)
    {
        if (DocumentPart.Text(_operational, "feed") != "trades")
        {
            return;
        }

        foreach (var (place, symbol) in symbols.Where(one => one.Symbol.Market == Market.Forex))
        {
            faults.Add(
                place,
                $"{symbol} has no trades, currencies and metals are quoted only, but 'feed' is trades: set that to quotes or both, or "
                    + "leave the symbol out.");
        }

        if (_listed.Symbols.Count > 0 && _listed.Symbols.All(symbol => symbol.Market == Market.Forex)
            && symbols.TrueForAll(one => one.Symbol.Market == Market.Forex)
            && !DocumentPart.Entries(_operational, "underlyings").Any())
        {
            faults.Add(
                $"{Operational}/feed",
                "Nothing would be collected: it is trades, and none of the symbols of the lists has any. Set it to quotes or both.");
        }
    }

    private void CheckSelection()
    {
        var named = CollectorDefinition.Selection
            .Where(field => _operational.ValueKind == JsonValueKind.Object && _operational.TryGetProperty(field, out _)).ToArray();
        if (named.Length > 0 && named.All(field => !DocumentPart.Entries(_operational, field).Any())
            && !named.Any(field => faults.Has($"{Operational}/{field}")))
        {
            faults.Add(
                $"{Operational}/{named[0]}",
                $"Nothing would be collected: name something in {string.Join(", ", CollectorDefinition.Selection)}, or leave out all four "
                    + "where the collector's own settings choose.");
        }
    }
}
