using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>A symbol that a relay added to a collector's document for its subscribers.</summary>
/// <param name="IsIdle">
/// Whether a relay reported that the symbol has no subscribers. The symbol is then removed, unless another relay reports subscribers.
/// </param>
public sealed record OnDemandSymbol(Symbol Symbol, bool IsIdle);
