namespace CloudTicks.Simulator;

/// <summary>The simulator cannot start; the message is one sentence for the user.</summary>
internal sealed class SimulatorStartException(string message) : Exception(message);
