using CloudTicks.Collection.Replicas;
using CloudTicks.Collection.Spool;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Collection;

/// <summary>Healthy when every market's session stands, and the event hub takes what comes.</summary>
internal sealed class CollectorHealthCheck(CollectorService collector) : IHealthCheck
{
    private static Dictionary<string, object> Facts(SpoolStatus spool) => new()
    {
        ["spool_state"] = spool.State,
        ["spool_bytes"] = spool.Bytes,
        ["spool_records"] = spool.Records,
        ["spool_limit_bytes"] = spool.LimitBytes,
        ["spool_conflated_ticks"] = spool.ConflatedTicks,
        ["spool_refused_ticks"] = spool.RefusedTicks,
    };

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = collector.GetStatus();
        if (status.Spool is { } spool && spool.Pressure != "none")
        {
            var facts = Facts(spool);
            return Task.FromResult(spool.Pressure == "refuse"
                ? HealthCheckResult.Unhealthy(
                    $"Ticks are refused ({spool.RefusedTicks} so far): the spool has {spool.Bytes} of {spool.LimitBytes} bytes"
                    + $"{(spool.Trouble is null ? "" : $", and cannot be written ({spool.Trouble})")}. Bring the event hub back, or make room.", data: facts)
                : HealthCheckResult.Degraded(
                    $"The spool has {spool.Bytes} of {spool.LimitBytes} bytes: quotes are conflated ({spool.ConflatedTicks} so far). Bring the event hub back, or make room.",
                    data: facts));
        }

        if (status.HubAwayMs is { } hubAway)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy($"The event hub has acknowledged nothing for {hubAway / 1000} s; {status.InFlight} records wait, and {status.Spool?.Records ?? 0} on disk.",
                data: status.Spool is null ? null : Facts(status.Spool)));
        }

        if (status.Replica is { } replica && (replica.Problem ?? Waiting(replica)) is { } problem)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(problem));
        }

        var away = status.Connected.Where(market => !market.Value).Select(market => market.Key).ToArray();
        return Task.FromResult(away.Length == 0
            ? HealthCheckResult.Healthy(status.Replica is { Connections.Count: 0 } standby ? $"Waiting in group {standby.Group}: others hold all connections." : null)
            : HealthCheckResult.Unhealthy(
                status.Refused.Count > 0 ? string.Join(" ", status.Refused.Values) : $"No session with Polygon for {string.Join(", ", away)}."));
    }

    private static string? Waiting(ReplicaStatus replica) => replica.State switch
    {
        "replaced" => $"Another collector is {replica.Instance} in group {replica.Group}: give each a name of its own by Collector:InstanceId, and start this one anew.",
        "joining" => $"Not in group {replica.Group} yet.",
        _ => null,
    };
}
