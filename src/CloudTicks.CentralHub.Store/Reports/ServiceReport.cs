namespace CloudTicks.CentralHub.Store.Reports;

/// <summary>What a process of a service said last.</summary>
/// <param name="ReportedMs">When, Unix ms, UTC, by the hub's clock.</param>
/// <param name="Version">The version that it follows; 0 when none.</param>
public sealed record ServiceReport(
    string Service, string Instance, long ReportedMs, int Version, string State, string? Problem,
    IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>Since when it follows this version, Unix ms, UTC, by the hub's clock; null when an older hub wrote it.</summary>
    public long? SinceMs { get; init; }
}
