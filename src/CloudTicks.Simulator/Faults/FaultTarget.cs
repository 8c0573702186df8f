using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Faults;

/// <summary>A possible target of a fault; null where market, connection or symbol do not apply.</summary>
internal readonly record struct FaultTarget(Market? Market, long? Connection = null, Symbol? Symbol = null);
