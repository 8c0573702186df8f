namespace CloudTicks.Benchmarks.Soak;

/// <summary>The result of a run.</summary>
/// <param name="EarlySeconds">The time of the memory reading with which the one at the end is compared.</param>
/// <param name="Outages">The number of sessions that ended, by market.</param>
internal sealed record SoakResult(
    int Rate, double Seconds, double EarlySeconds, TickTotals Sent, TickTotals Archived,
    IReadOnlyDictionary<string, long> Outages, IReadOnlyList<ProcessMemory> Processes)
{
    /// <summary>Whether the archive has exactly the ticks that were sent.</summary>
    public bool IsComplete => Sent == Archived;
}

/// <summary>The resident memory of a process at two times of a run, bytes.</summary>
internal sealed record ProcessMemory(string Name, double Early, double End, long Max)
{
    public const double Good = 1.2;
    public const double Goal = 1.05;

    public double Ratio => End / Early;
}
