using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.CentralHub.Client;

/// <summary>
/// Degraded while the newest version is refused, or once the hub has been unavailable for 5 s. The service keeps its settings.
/// </summary>
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
                $"Version {refused.Version} of {following.Hub.Service.Service} cannot be used: {state.Problem} {state.InForceText} "
                    + $"remains in use.", data: facts));
        }

        return Task.FromResult(state.HubProblem is { } hubProblem && following.Document.UnavailableFor >= FollowedDocument.MinLoggedOutage
            ? HealthCheckResult.Degraded($"{hubProblem} {state.InForceText} remains in use.", data: facts)
            : HealthCheckResult.Healthy($"{state.InForceText} of {following.Hub.Service.Service} is in force.", facts));
    }
}
