namespace CloudTicks.Simulator.Replay;

/// <summary>A row of a file cannot be read.</summary>
internal sealed class ReplayFormatException(string problem) : Exception(problem);
