using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.CentralHub.Client;

/// <summary>Degraded while the newest version is refused or the hub is unavailable. The service keeps its settings.</summary>
internal sealed class CentralHubHealthCheck(HubFollowerService following) : IHealthCheck
{
    public const string Name = "central-hub";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = following.Document.State;
        var facts = new Dictionary<string, object> { ["document"] = state.InForce?.Version ?? 0 };
        if (state.Refused is { } refused)
        {
            return Task.FromResult(HealthCheckResult.Degraded(
                $"Version {refused.Version} of {following.Place.Service.Service} cannot be used: {state.Problem} {state.InForceText} "
                    + $"stays in force.", data: facts));
        }

        return Task.FromResult(state.HubProblem is { } away && following.Document.UnavailableFor >= FollowedDocument.Grace
            ? HealthCheckResult.Degraded($"{away} {state.InForceText} stays in force.", data: facts)
            : HealthCheckResult.Healthy($"{state.InForceText} of {following.Place.Service.Service} is in force.", facts));
    }
}
