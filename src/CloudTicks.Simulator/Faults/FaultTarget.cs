using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Faults;

/// <summary>What a fault could strike.</summary>
/// <param name="Market">Its market; null where it has none.</param>
/// <param name="Connection">The number of the connection; null beside connections.</param>
/// <param name="Symbol">The symbol; null where several or none are concerned.</param>
internal readonly record struct FaultTarget(Market? Market, long? Connection = null, Symbol? Symbol = null);
