namespace CloudTicks.CentralHub.Store.Reports;

/// <summary>The last report of a process of a service.</summary>
/// <param name="ReportedMs">When it was received, Unix ms, UTC, by the hub's clock.</param>
/// <param name="Version">The version that it follows; 0 without one.</param>
public sealed record ServiceReport(
    string Service, string Instance, long ReportedMs, int Version, string State, string? Problem,
    IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>Since when it follows this version, Unix ms, UTC, by the hub's clock; null when an older hub wrote it.</summary>
    public long? SinceMs { get; init; }
}
