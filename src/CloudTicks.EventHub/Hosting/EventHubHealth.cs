using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.EventHub.Hosting;

/// <summary>Healthy while the disk takes writes and will for some time; without, readers are still served, until the disk fails.</summary>
internal sealed class EventHubHealth : IHealthCheck
{
    private Exception? _failure;

    /// <summary>Tells why nothing is written; null while all is well.</summary>
    public Func<string?> WriteProblem { get; set; } = static () => null;

    /// <summary>Tells that the disk will be full soon, as the end of a sentence; null while it will not.</summary>
    public Func<string?> DiskProblem { get; set; } = static () => null;

    /// <summary>Says what is damaged or lost and not dealt with, as a sentence without its end; null when nothing is.</summary>
    public Func<string?> Damage { get; set; } = static () => null;

    public bool TryBreak(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null) is null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_failure is { } failure ? HealthCheckResult.Unhealthy("The disk failed.", failure)
            : WriteProblem() is { } problem ? HealthCheckResult.Degraded($"Nothing can be written: {problem}.")
            : Damage() is { } damage ? HealthCheckResult.Degraded($"{damage}.")
            : DiskProblem() is { } shortage ? HealthCheckResult.Degraded($"The disk {shortage}.")
            : HealthCheckResult.Healthy());
}
