using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

internal static class PipelineLag
{
    /// <summary>The maximum age of a process's report, in ms; older reports are ignored.</summary>
    public const long MaxFreshReportAgeMs = 30_000;

    /// <summary>Each consumer group with its function, and how to read its lag from the functions' status.</summary>
    public static IReadOnlyList<(string Group, string Function, Func<FunctionsStatus?, long?> Records)> Groups { get; } =
    [
        ("timescale", "StoreTicks", status => status?.LagRecords),
        ("nats", "PublishTicks", status => status?.PublishLagRecords),
    ];
}
