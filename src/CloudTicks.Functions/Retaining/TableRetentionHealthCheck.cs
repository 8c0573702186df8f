using CloudTicks.Timescale.Retention;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Retaining;

/// <summary>Degraded when the last run left due chunks, or when chunks within the window disappeared.</summary>
internal sealed class TableRetentionHealthCheck(TableRetention retention) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(retention.Last?.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}
