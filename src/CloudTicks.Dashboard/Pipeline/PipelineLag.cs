using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

internal static class PipelineLag
{
    /// <summary>The maximum age of a process's report, ms.</summary>
    public const long FreshReportMs = 30_000;

    /// <summary>The consumer groups, each with its function and its lag in the functions' status.</summary>
    public static IReadOnlyList<(string Group, string Function, Func<FunctionsStatus?, long?> Records)> Groups { get; } =
    [
        ("timescale", "StoreTicks", status => status?.LagRecords),
        ("nats", "PublishTicks", status => status?.PublishLagRecords),
    ];
}
