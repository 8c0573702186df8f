using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

internal static class PipelineLag
{
    /// <summary>How old what a process said of itself may be.</summary>
    public const long FreshReportMs = 30_000;

    /// <summary>Each group, the function that reads for it, and where the functions' status tells how far it is behind.</summary>
    public static IReadOnlyList<(string Group, string Function, Func<FunctionsStatus?, long?> Records)> Groups { get; } =
    [
        ("timescale", "StoreTicks", status => status?.LagRecords),
        ("nats", "PublishTicks", status => status?.PublishLagRecords),
    ];
}
