using System.Text.Json;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Documents;

/// <summary>What a schema cannot say of a collector's document: whether each symbol is one, whether lists and flags are there, whether anything is selected.</summary>
internal sealed class CollectorMeaning(JsonElement document, NamedLists lists, FaultList faults)
{
    private const string Operational = "/operational";

    private static readonly string[] Limits = ["max_refused_ticks", "max_missing_acks", "max_lag_records", "max_feed_latency_ms"];

    private readonly JsonElement _operational = DocumentPart.Of(document, "operational");
    private readonly List<Symbol> _listed = [];

    /// <summary>Finds what is wrong.</summary>
    public void Check()
    {
        var symbols = CheckSymbols("symbols", null);
        CheckUnderlyings();
        foreach (var (place, list) in DocumentPart.Texts(_operational, "lists", $"{Operational}/lists"))
        {
            CheckList(place, list);
        }

        CheckRollouts(new FeatureFlagMeaning(document, lists, faults).Check());
        CheckFeed(symbols);
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
                found.Add((place, symbol));
            }
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

    private void CheckList(string place, string list)
    {
        // What is wrong with the name, or looks like a secret, is told without asking for the list.
        if (faults.Has(place) || SecretLook.IsSecret(list))
        {
            return;
        }

        try
        {
            _listed.AddRange(lists.Read(list));
        }
        catch (SymbolListException exception)
        {
            faults.Add(place, exception.Message);
        }
    }

    private void CheckRollouts(IReadOnlySet<string> flags)
    {
        var known = new HashSet<(string, string)>();
        foreach (var (index, rollout) in DocumentPart.Entries(_operational, "rollouts").Index())
        {
            var place = JsonPointer.Of($"{Operational}/rollouts", index);
            var (flag, list) = (DocumentPart.Text(rollout, "flag"), DocumentPart.Text(rollout, "list"));
            if (list is not null)
            {
                CheckList($"{place}/list", list);
            }

            if (flag is not null && !flags.Contains(flag))
            {
                faults.Add(
                    $"{place}/flag",
                    $"There is no feature flag {Shown.Text(flag)} in feature_management.feature_flags{Shown.Meant(flag, flags)}.");
            }
            else if (flag is not null && list is not null && !known.Add((flag, list)))
            {
                faults.Add(place, $"The list {Shown.Text(list)} follows the flag {Shown.Text(flag)} twice.");
            }

            if (DocumentPart.Of(rollout, "guard") is { ValueKind: JsonValueKind.Object } guard && !Array.Exists(Limits, limit => guard.TryGetProperty(limit, out _)))
            {
                faults.Add($"{place}/guard", $"It has no limit, so that it guards nothing: set one of {string.Join(", ", Limits)}.");
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
            faults.Add(place, $"{symbol} has no trades, currencies and metals are quoted only, but 'feed' is trades: set that to quotes or both, or leave the symbol out.");
        }

        if (_listed.Count > 0 && _listed.TrueForAll(symbol => symbol.Market == Market.Forex) && symbols.TrueForAll(one => one.Symbol.Market == Market.Forex)
            && !DocumentPart.Entries(_operational, "underlyings").Any())
        {
            faults.Add($"{Operational}/feed", "Nothing would be collected: it is trades, and none of the symbols of the lists has any. Set it to quotes or both.");
        }
    }

    private void CheckSelection()
    {
        var named = DocumentSettings.Selection.Where(field => _operational.ValueKind == JsonValueKind.Object && _operational.TryGetProperty(field, out _)).ToArray();
        if (named.Length > 0 && named.All(field => !DocumentPart.Entries(_operational, field).Any()) && !named.Any(field => faults.Has($"{Operational}/{field}")))
        {
            faults.Add(
                $"{Operational}/{named[0]}",
                $"Nothing would be collected: name something in {string.Join(", ", DocumentSettings.Selection)}, or leave out all four where the collector's own settings choose.");
        }
    }
}
