using CloudTicks.Benchmarks.Comparing.Machine;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>The duration of each step of a run, and the AppHost to run.</summary>
internal sealed record CostPlan(TimeSpan WarmUp, TimeSpan Time, TimeSpan Calls, string Program);

/// <summary>The cost of a rate.</summary>
/// <param name="Stored">Rows stored in the measured time.</param>
/// <param name="ArchiveBytesPerTick">Bytes of the archive's record batches divided by the rows of the same time; null without rows.</param>
/// <param name="Latency">The latencies since the receipt of a tick, as shown on the dashboard at the end of the measured time.</param>
internal sealed record CostResult(
    int Rate, double Seconds, long Stored, double? ArchiveBytesPerTick, IReadOnlyList<ProcessCost> Processes,
    IReadOnlyList<HopTime> Latency, MachineFigures Machine)
{
    /// <summary>The percentage of a core that our services, PostgreSQL and NATS use together, without the simulator and AppHost.</summary>
    public double OwnPercent => Processes.Where(process => process.IsOwn).Sum(process => process.ProcessorPercent);
}

/// <summary>The cost of one program.</summary>
/// <param name="IsOwn">Whether the program belongs to the system itself, not to the feed or the verification.</param>
/// <param name="ProcessorPercent">Processor time as a percentage of a core.</param>
/// <param name="MicrosecondsPerTick">Processor time divided by the rows of the measured time; null without rows.</param>
/// <param name="ContextSwitches">Context switches per second of all threads.</param>
/// <param name="Megabytes">Resident memory; memory that PostgreSQL's processes share is counted once.</param>
internal sealed record ProcessCost(
    string Name, bool IsOwn, double ProcessorPercent, double? MicrosecondsPerTick, double ContextSwitches, double Megabytes)
{
    /// <summary>
    /// The most frequent system calls with their rates. They are counted after the measured time, because strace slows the process.
    /// </summary>
    public IReadOnlyList<SystemCallRate> SystemCalls { get; init; } = [];
}

internal sealed record HopTime(string Hop, double? P50Ms, double? P99Ms);

internal sealed record SystemCallRate(string Call, double PerSecond);
