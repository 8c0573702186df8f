using System.Globalization;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>Describes changes to a collector's document: symbols, rollouts, plain fields.</summary>
internal static class CollectorDifference
{
    /// <summary>If more symbols than this change, they are listed in one line.</summary>
    private const int MaxLines = 100;

    public static async Task DescribeAsync(
        DocumentDifference difference, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = await CollectorSelection.ReadAsync(difference.Before, lists, now, cancellationToken);
        var after = await CollectorSelection.ReadAsync(difference.After, lists, now, cancellationToken);
        difference.Add(Selection(before, after));
        difference.AddFields("symbols", "underlyings", "rollouts");
        difference.Add(Rollouts(before, after));
        difference.AddFlags();
        difference.Add(before.Problems.Select(problem => $"before: {problem}"));
        difference.Add(after.Problems);
    }

    private static IEnumerable<string> Selection(CollectorSelection before, CollectorSelection after)
    {
        string[] source = before.HasSelection == after.HasSelection ? []
            : after.HasSelection ? ["The document now selects the symbols, instead of the collector's own settings."]
            : ["The collector's own settings now select the symbols, instead of the document."];
        return
        [
            .. source,
            .. Symbols("subscribe", [.. after.Symbols.Except(before.Symbols)]),
            .. Symbols("unsubscribe", [.. before.Symbols.Except(after.Symbols)]),
            .. Names("subscribe the options of", after.Underlyings.Except(before.Underlyings)),
            .. Names("unsubscribe the options of", before.Underlyings.Except(after.Underlyings)),
        ];
    }

    private static IEnumerable<string> Symbols(string verb, IReadOnlyList<Symbol> symbols) => symbols.Count > MaxLines
        ? [string.Create(CultureInfo.InvariantCulture, $"{verb} {symbols.Count} symbols: {string.Join(", ", symbols)}")]
        : Names(verb, symbols.Select(symbol => symbol.Name));

    private static IEnumerable<string> Names(string verb, IEnumerable<string> names) => names.Select(name => $"{verb} {name}");

    private static IEnumerable<string> Rollouts(CollectorSelection before, CollectorSelection after)
    {
        foreach (var (key, state) in after.Rollouts)
        {
            var old = before.Rollouts.GetValueOrDefault(key);
            if (old is null)
            {
                yield return $"rollout {key.Flag} of {key.List} begins, {state}";
            }
            else if (old.ToString() != state.ToString())
            {
                yield return $"rollout {key.Flag} of {key.List}: {old} -> {state}";
            }

            if (old is not null && old.Rollout.Guard != state.Rollout.Guard)
            {
                yield return $"rollout {key.Flag} of {key.List}: the guard changed";
            }
        }

        foreach (var (flag, list) in before.Rollouts.Keys.Except(after.Rollouts.Keys))
        {
            yield return $"rollout {flag} of {list} ends";
        }
    }
}
