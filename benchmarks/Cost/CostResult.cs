using CloudTicks.Benchmarks.Comparing.Machine;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>How long each step of a run takes, and which AppHost is run.</summary>
internal sealed record CostPlan(TimeSpan Warm, TimeSpan Time, TimeSpan Calls, string Program);

/// <summary>What a rate costs.</summary>
/// <param name="Stored">Rows of the measured time.</param>
/// <param name="ArchiveBytesPerTick">Bytes of the archive's record batches by the rows of the same time; null without any.</param>
/// <param name="Latency">From the receipt of a tick, as the page shows it at the end of the measured time.</param>
internal sealed record CostResult(
    int Rate, double Seconds, long Stored, double? ArchiveBytesPerTick, IReadOnlyList<ProcessCost> Processes,
    IReadOnlyList<HopTime> Latency, MachineFigures Machine)
{
    /// <summary>Of a core: our services with PostgreSQL and NATS, without the simulator and AppHost.</summary>
    public double OwnPercent => Processes.Where(process => process.IsOwn).Sum(process => process.ProcessorPercent);
}

/// <summary>What one program took.</summary>
/// <param name="IsOwn">Whether it belongs to the system itself, not to the feed or the proof.</param>
/// <param name="ProcessorPercent">Of a core.</param>
/// <param name="MicrosecondsPerTick">Processor time by the rows of the measured time; null without any.</param>
/// <param name="ContextSwitches">A second, of all threads.</param>
/// <param name="Megabytes">Resident; of PostgreSQL's processes together without what they share counted twice.</param>
internal sealed record ProcessCost(
    string Name, bool IsOwn, double ProcessorPercent, double? MicrosecondsPerTick, double ContextSwitches, double Megabytes)
{
    /// <summary>System calls of the seconds behind the measured ones, a second, the most frequent first; strace slows a process.</summary>
    public IReadOnlyList<SystemCallRate> SystemCalls { get; init; } = [];
}

internal sealed record HopTime(string Hop, double? P50Ms, double? P99Ms);

internal sealed record SystemCallRate(string Call, double PerSecond);
