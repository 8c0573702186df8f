using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>What the reference data say of symbols.</summary>
/// <param name="Unknown">Those that they do not have.</param>
/// <param name="Unchecked">How many could not be looked up.</param>
/// <param name="Problem">Why not; null when all were.</param>
public sealed record TickerFindings(IReadOnlyList<Symbol> Unknown, int Unchecked, string? Problem);
