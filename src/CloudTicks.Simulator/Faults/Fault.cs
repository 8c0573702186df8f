using System.Text.Json.Nodes;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Faults;

/// <summary>A fault as it was ordered.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Market">Where; null for every market.</param>
/// <param name="Symbols">Of which symbols; empty for all.</param>
/// <param name="Connection">On which connection; null for all.</param>
/// <param name="Times">How many strikes; null without end.</param>
/// <param name="For">For how long; null until it is cleared.</param>
/// <param name="Parameters">The kind's own settings, each of them.</param>
/// <param name="Order">The order as it was given.</param>
internal sealed record Fault(
    FaultKind Kind, Market? Market, IReadOnlySet<Symbol> Symbols, long? Connection, long? Times, TimeSpan? For,
    IReadOnlyDictionary<string, object> Parameters, JsonObject Order)
{
    public string Word(string name) => (string)Parameters[name];

    public long Number(string name) => (long)Parameters[name];

    public TimeSpan Duration(string name) => (TimeSpan)Parameters[name];

    /// <summary>Whether a target is one that it is meant for.</summary>
    public bool IsFor(FaultTarget target) =>
        (Market is null || Market == target.Market)
        && (Connection is null || Connection == target.Connection)
        && (Symbols.Count == 0 || (target.Symbol is { } symbol && Symbols.Contains(symbol)));
}
