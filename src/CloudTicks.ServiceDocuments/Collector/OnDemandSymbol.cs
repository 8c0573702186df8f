using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>A symbol that a relay added to a collector's document for its subscribers.</summary>
/// <param name="IsIdle">Whether a relay has no subscriber. The symbol is removed unless another relay reports one.</param>
public sealed record OnDemandSymbol(Symbol Symbol, bool IsIdle);
