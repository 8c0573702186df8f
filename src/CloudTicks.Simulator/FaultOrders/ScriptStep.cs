using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.FaultOrders;

/// <summary>One step of a script.</summary>
/// <param name="Fault">What is ordered; null where all faults are cleared.</param>
internal sealed record ScriptStep(TimeSpan At, Fault? Fault);
