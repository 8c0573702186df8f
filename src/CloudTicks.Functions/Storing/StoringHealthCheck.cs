using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Healthy while ticks reach the table, which a responding database alone does not prove. Reports the number of waiting records.
/// </summary>
internal sealed class StoringHealthCheck(StoringOutage outage, SchemaReadiness schema, ArchiveLag lag, ServiceWarmUp warmUp)
    : IHealthCheck
{
    private const string NotCheckedYet = "the schema of the database has not been checked yet.";

    private const string NotWarmedUp = "the warm-up has not ended yet.";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Problem is { } problem
            ? HealthCheckResult.Unhealthy($"Ticks are not stored: {problem}", data: Facts())
            : HealthCheckResult.Healthy(data: Facts()));

    private string? Problem => schema.Problem ?? (!schema.IsReady ? NotCheckedYet : !warmUp.IsDone ? NotWarmedUp : outage.Problem);

    private Dictionary<string, object> Facts() => lag.Records is { } records ? new() { ["lag_records"] = records } : [];
}
