using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>The symbols and kinds of ticks that the collectors collect according to a document.</summary>
public sealed class CollectedChannels
{
    private readonly HashSet<Symbol> _symbols;
    private readonly HashSet<string> _underlyings;
    private readonly string? _feed;

    private CollectedChannels(CollectorSelection selection, string? feed, bool dependsOnTime) =>
        (_symbols, _underlyings, _feed, DependsOnTime) = ([.. selection.Symbols], [.. selection.Underlyings], feed, dependsOnTime);

    /// <summary>Whether time alone can change the selection.</summary>
    public bool DependsOnTime { get; }

    /// <summary>Reads a document.</summary>
    /// <returns>Null when the document leaves the selection to the collectors' own settings, or contains unknown names.</returns>
    public static async Task<CollectedChannels?> ReadAsync(
        JsonObject document, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var selection = await CollectorSelection.ReadAsync(document, lists, now, cancellationToken);
        if (!selection.HasSelection || selection.Problems.Count > 0)
        {
            return null;
        }

        var operational = DocumentPart.Of(JsonSerializer.SerializeToElement(document), "operational");
        return new CollectedChannels(selection, DocumentPart.Text(operational, "feed"), RolloutPlan.Read(document).DependsOnTime);
    }

    /// <summary>Explains why a symbol's ticks of a kind are not collected.</summary>
    /// <returns>The end of a sentence; null when they are collected. All contracts of a selected underlying count as selected.</returns>
    public string? Refusal(Symbol symbol, TickKind kind)
    {
        if (!Selects(symbol))
        {
            return $"not collected, because the document {ServiceNames.Collector} does not select this symbol";
        }

        return RefusalOf(kind);
    }

    /// <summary>Returns whether a symbol is selected for any kind of ticks.</summary>
    public bool Selects(Symbol symbol) => _symbols.Contains(symbol) || IsContractOfUnderlying(symbol);

    /// <summary>Explains why the document excludes a kind of ticks for all symbols; null when it does not.</summary>
    public string? RefusalOf(TickKind kind) => (_feed, kind) is ("quotes", TickKind.Trade) or ("trades", TickKind.Quote)
        ? $"not collected, because the document {ServiceNames.Collector} selects only {_feed}"
        : null;

    private bool IsContractOfUnderlying(Symbol symbol) =>
        symbol.Market == Market.Option && _underlyings.Any(share => symbol.Name.StartsWith($"O:{share}", StringComparison.Ordinal)
            && symbol.Name.Length > share.Length + 2 && !char.IsAsciiLetter(symbol.Name[share.Length + 2]));
}
