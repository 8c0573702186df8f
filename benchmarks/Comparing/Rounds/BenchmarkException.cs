namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>A benchmark cannot be run, or its sides do not produce the same; the message is a sentence for people.</summary>
/// <param name="message">What is wrong and what to do.</param>
public sealed class BenchmarkException(string message) : Exception(message);
