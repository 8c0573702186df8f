using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.EventHub.Hosting;

/// <summary>Healthy until the disk fails.</summary>
internal sealed class EventHubHealth : IHealthCheck
{
    private Exception? _failure;

    /// <summary>True the first time.</summary>
    public bool TryBreak(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null) is null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_failure is { } failure ? HealthCheckResult.Unhealthy("The disk failed.", failure) : HealthCheckResult.Healthy());
}
