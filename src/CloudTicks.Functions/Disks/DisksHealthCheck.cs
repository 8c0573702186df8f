using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Disks;

/// <summary>
/// Degraded while a disk is nearly full, or will be full soon. Never worse, so that dependent services start even when a disk is full.
/// </summary>
internal sealed class DisksHealthCheck(DiskStates states) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = states.All.OrderByDescending(state => state.Level).Select(state => state.Problem).OfType<string>().ToArray();
        return Task.FromResult(problems.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join(' ', problems)));
    }
}
