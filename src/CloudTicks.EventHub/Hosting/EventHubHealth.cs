using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.EventHub.Hosting;

/// <summary>
/// Healthy while the disk accepts writes and is not about to fill up, and no damage is unresolved. A degraded event hub still serves
/// readers; an unhealthy event hub has a failed disk.
/// </summary>
internal sealed class EventHubHealth : IHealthCheck
{
    private Exception? _failure;

    /// <summary>Returns why nothing can be written; null while writes are possible.</summary>
    public Func<string?> WriteProblem { get; set; } = static () => null;

    /// <summary>
    /// Returns the warning that the disk fills up soon, as the predicate of a sentence; null while there is enough space.
    /// </summary>
    public Func<string?> DiskProblem { get; set; } = static () => null;

    /// <summary>Returns the unresolved damage or loss, as a sentence without its full stop; null when there is none.</summary>
    public Func<string?> Damage { get; set; } = static () => null;

    public bool TrySetFailed(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null) is null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_failure is { } failure ? HealthCheckResult.Unhealthy("The disk failed.", failure)
            : WriteProblem() is { } problem ? HealthCheckResult.Degraded($"Nothing can be written: {problem}.")
            : Damage() is { } damage ? HealthCheckResult.Degraded($"{damage}.")
            : DiskProblem() is { } shortage ? HealthCheckResult.Degraded($"The disk {shortage}.")
            : HealthCheckResult.Healthy());
}
