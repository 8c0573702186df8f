using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Storing;

/// <summary>Healthy while ticks reach the table: a database may answer questions and yet take no rows. Tells how many records wait.</summary>
internal sealed class StoringHealthCheck(StoringOutage outage, SchemaReadiness schema, ArchiveLag lag) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult((schema.Problem ?? outage.Problem) is { } problem
            ? HealthCheckResult.Unhealthy($"Ticks are not stored: {problem}", data: Facts())
            : HealthCheckResult.Healthy(data: Facts()));

    private Dictionary<string, object> Facts() => lag.Records is { } records ? new() { ["lag_records"] = records } : [];
}
