namespace CloudTicks.Benchmarks.Soak;

/// <summary>What a run found.</summary>
/// <param name="EarlySeconds">When memory was read first, to compare the end with.</param>
/// <param name="Outages">Sessions that ended, by market.</param>
internal sealed record SoakResult(
    int Rate, double Seconds, double EarlySeconds, SentAndArchived Sent, SentAndArchived Archived,
    IReadOnlyDictionary<string, long> Outages, IReadOnlyList<ProcessMemory> Processes)
{
    /// <summary>Whether the archive has the same ticks as were sent.</summary>
    public bool IsComplete => Sent == Archived;
}

/// <summary>Resident bytes of a process.</summary>
internal sealed record ProcessMemory(string Name, double Early, double End, long Most)
{
    public const double Good = 1.2;
    public const double Goal = 1.05;

    public double Ratio => End / Early;
}
