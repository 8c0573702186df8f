using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Relay.Archive;

/// <summary>Reports whether the archive can be read.</summary>
internal sealed class ArchiveHealthCheck(ArchiveTail tail) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = tail.GetStatus();
        return Task.FromResult(status switch
        {
            { Problem: { } problem, AwaySeconds: var seconds } => HealthCheckResult.Unhealthy(string.Create(
                CultureInfo.InvariantCulture,
                $"The archive has been unreadable for {seconds ?? 0:0} s: {problem}. Clients get no events until it is readable.")),
            { Partitions.Count: 0 } => HealthCheckResult.Unhealthy("The archive is not open yet."),
            { Paused: true } => HealthCheckResult.Healthy("No client is subscribed, so the archive is not read."),
            _ => HealthCheckResult.Healthy(),
        });
    }
}
