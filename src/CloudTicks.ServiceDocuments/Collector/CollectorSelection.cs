using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.Ticks;
using Microsoft.FeatureManagement;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>
/// The symbols that a collector's document selects. Names that no longer exist, in an old document, are reported and skipped.
/// </summary>
internal sealed class CollectorSelection
{
    private readonly List<Symbol> _symbols = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<(string Flag, string List), State> _rollouts = [];

    /// <summary>Whether the document selects the symbols; otherwise the collector's own settings do.</summary>
    public bool HasSelection { get; private init; }

    /// <summary>The distinct symbols selected by name, list or feature flag.</summary>
    public IReadOnlyList<Symbol> Symbols => _symbols;

    public IReadOnlyList<string> Underlyings { get; private init; } = [];

    public IReadOnlyDictionary<(string Flag, string List), State> Rollouts => _rollouts;

    public IReadOnlyList<string> Problems => _problems;

    public static async Task<CollectorSelection> ReadAsync(
        JsonObject document, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var operational = DocumentPart.Of(JsonSerializer.SerializeToElement(document), "operational");
        var selection = new CollectorSelection
        {
            HasSelection = CollectorDefinition.Selection.Any(field => DocumentPart.Of(operational, field).ValueKind == JsonValueKind.Array),
            Underlyings =
            [
                .. DocumentPart.Texts(operational, "underlyings", "")
                    .Select(entry => Symbol.TryParse(Market.Stock, entry.Text, out var share) ? share.Name : entry.Text).Distinct(),
            ],
        };
        var found = new List<Symbol>();
        foreach (var (_, text) in DocumentPart.Texts(operational, "symbols", ""))
        {
            if (Symbol.TryParse(text, out var symbol))
            {
                found.Add(symbol);
            }
            else
            {
                selection._problems.Add($"{FaultText.Quote(text)} is not a symbol");
            }
        }

        found.AddRange(OnDemandList.Read(document).Select(entry => entry.Symbol));
        foreach (var (_, list) in DocumentPart.Texts(operational, "lists", ""))
        {
            selection.TryRead(() => found.AddRange(lists.Read(list)));
        }

        await selection.AddRolloutsAsync(document, found, lists, now, cancellationToken);
        selection._symbols.AddRange(found.Distinct());
        return selection;
    }

    private void TryRead(Action read)
    {
        try
        {
            read();
        }
        catch (SymbolListException exception)
        {
            _problems.Add(exception.Message);
        }
    }

    private async Task AddRolloutsAsync(
        JsonObject document, List<Symbol> found, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var state in await RolloutPlan.Read(document).EvaluateAsync(lists, now, cancellationToken))
            {
                found.AddRange(state.On);
                _rollouts.TryAdd(
                    (state.Rollout.Flag, state.Rollout.List),
                    new State(state.Rollout, state.Enabled, state.Percentage, state.On.Count, state.Off.Count));
            }
        }
        catch (Exception exception) when (
            exception is SymbolListException or FeatureManagementException or FormatException
                or ArgumentException or InvalidOperationException)
        {
            _problems.Add($"the rollouts cannot be evaluated: {exception.Message}");
        }
    }

    internal sealed record State(Rollout Rollout, bool IsEnabled, double? Percentage, int On, int Off)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{(IsEnabled ? Percentage is { } share ? $"{share:0.##} %" : "on" : "off")} ({On} of {On + Off} symbols)");
    }
}
