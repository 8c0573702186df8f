namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>A benchmark cannot run, or its sides' output differs; the message is written for the user.</summary>
/// <param name="message">The problem, and what to do.</param>
public sealed class BenchmarkException(string message) : Exception(message);
