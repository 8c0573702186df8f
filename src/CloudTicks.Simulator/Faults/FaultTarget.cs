using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Faults;

/// <summary>What a fault may strike. Market, connection or symbol are null when they do not apply.</summary>
internal readonly record struct FaultTarget(Market? Market, long? Connection = null, Symbol? Symbol = null);
