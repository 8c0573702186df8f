namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>One of the programs that are compared.</summary>
/// <param name="Name">The side's name in the report.</param>
/// <param name="RunAsync">Does the whole work once and returns its duration; sides never run concurrently.</param>
public sealed record Side(string Name, Func<CancellationToken, Task<Pass>> RunAsync);

/// <summary>One run of a side.</summary>
/// <param name="Ticks">The number of processed ticks.</param>
/// <param name="Elapsed">The processing time, without preparation.</param>
/// <param name="AllocatedBytes">The bytes allocated on the managed heap during that time; null if unknown.</param>
public readonly record struct Pass(long Ticks, TimeSpan Elapsed, long? AllocatedBytes = null)
{
    /// <summary>Ticks per second.</summary>
    public double Rate => Ticks / Elapsed.TotalSeconds;
}
