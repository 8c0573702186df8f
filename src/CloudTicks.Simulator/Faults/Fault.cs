using System.Text.Json.Nodes;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Faults;

/// <summary>A fault as requested. A null or empty field means any market, symbol or connection, or no limit on strikes or time.</summary>
/// <param name="Order">The JSON of the request.</param>
internal sealed record Fault(
    FaultKind Kind, Market? Market, IReadOnlySet<Symbol> Symbols, long? Connection, long? Times, TimeSpan? For,
    IReadOnlyDictionary<string, object> Parameters, JsonObject Order)
{
    public string Word(string name) => (string)Parameters[name];

    public long Number(string name) => (long)Parameters[name];

    public TimeSpan Duration(string name) => (TimeSpan)Parameters[name];

    public bool IsFor(FaultTarget target) =>
        (Market is null || Market == target.Market)
        && (Connection is null || Connection == target.Connection)
        && (Symbols.Count == 0 || (target.Symbol is { } symbol && Symbols.Contains(symbol)));
}
