using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.FaultRequests;

/// <summary>One step of a script.</summary>
/// <param name="Fault">The requested fault; null to clear all faults.</param>
internal sealed record ScriptStep(TimeSpan At, Fault? Fault);
