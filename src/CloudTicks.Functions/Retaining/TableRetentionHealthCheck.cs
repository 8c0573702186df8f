using CloudTicks.Timescale.Retention;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Retaining;

/// <summary>Healthy when the last run left nothing older than the window plus one chunk, and no newer tick is missing.</summary>
internal sealed class TableRetentionHealthCheck(TableRetention retention) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(retention.Last?.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}
