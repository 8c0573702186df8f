namespace CloudTicks.CentralHub.Store.Reports;

/// <summary>The last report of a process of a service.</summary>
/// <param name="ReportedMs">When the report was received, Unix ms, UTC, by the hub's clock.</param>
/// <param name="Version">The version that the process follows; 0 for none.</param>
public sealed record ServiceReport(
    string Service, string Instance, long ReportedMs, int Version, string State, string? Problem,
    IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>
    /// When the process first reported this version, Unix ms, UTC, by the hub's clock; null if an earlier release of the hub stored the
    /// report.
    /// </summary>
    public long? SinceMs { get; init; }
}
