namespace CloudTicks.Ticks.Lean;

/// <summary>A row, or a file's name, is not of LEAN's form; the message says how, without file and line.</summary>
public sealed class LeanFormatException(string problem) : Exception(problem);
