using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>A symbol that a relay added to a collector's document for its subscribers.</summary>
/// <param name="IsIdle">Whether a relay found no subscriber: the symbol is removed unless another relay has one and says so.</param>
public sealed record OnDemandSymbol(Symbol Symbol, bool IsIdle);
