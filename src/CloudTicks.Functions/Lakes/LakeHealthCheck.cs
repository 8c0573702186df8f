using CloudTicks.Lake;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Lakes;

/// <summary>Degraded while the lake is not written or is damaged. Never worse, because ticks are stored and published anyway.</summary>
internal sealed class LakeHealthCheck(LakeConsumer lake) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lake.Status switch
        {
            { Problem: { } problem, Writes: false } =>
                HealthCheckResult.Degraded($"The lake is not being written, and ticks are waiting in the archive: {problem}"),
            { Problem: { } problem } => HealthCheckResult.Degraded($"The lake is damaged: {problem}"),
            _ => HealthCheckResult.Healthy(),
        });
}
