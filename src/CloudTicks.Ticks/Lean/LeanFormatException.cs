namespace CloudTicks.Ticks.Lean;

/// <summary>A row or a file name does not have LEAN's format. The message says why, without file and line.</summary>
public sealed class LeanFormatException(string problem) : Exception(problem);
