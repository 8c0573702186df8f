using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>The result of looking up symbols in the reference data.</summary>
/// <param name="Unknown">Symbols that the reference data does not contain.</param>
/// <param name="Unchecked">The number of symbols that could not be looked up.</param>
/// <param name="Problem">Why symbols could not be looked up; null when all were.</param>
public sealed record TickerFindings(IReadOnlyList<Symbol> Unknown, int Unchecked, string? Problem);
