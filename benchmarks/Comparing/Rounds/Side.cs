namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>One of the programs that are compared.</summary>
/// <param name="Name">What it is, for the report.</param>
/// <param name="RunAsync">Does the whole work once and says how long it took; not called at the same time as another side.</param>
public sealed record Side(string Name, Func<CancellationToken, Task<Pass>> RunAsync);

/// <summary>One run of a side.</summary>
/// <param name="Ticks">Ticks that it went through.</param>
/// <param name="Elapsed">The time that they took, without making ready.</param>
/// <param name="AllocatedBytes">What was allocated on the managed heap meanwhile; null when that is not known.</param>
public readonly record struct Pass(long Ticks, TimeSpan Elapsed, long? AllocatedBytes = null)
{
    /// <summary>Ticks a second.</summary>
    public double Rate => Ticks / Elapsed.TotalSeconds;
}
