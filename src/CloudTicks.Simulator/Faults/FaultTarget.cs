using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Faults;

/// <summary>What a fault could strike; null where market, connection or symbol do not apply.</summary>
internal readonly record struct FaultTarget(Market? Market, long? Connection = null, Symbol? Symbol = null);
