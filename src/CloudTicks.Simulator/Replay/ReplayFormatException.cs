namespace CloudTicks.Simulator.Replay;

internal sealed class ReplayFormatException(string problem) : Exception(problem);
