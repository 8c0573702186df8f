using CloudTicks.CentralHub.Settings;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Collection.Health;

/// <summary>Unhealthy when ticks are missed or undeliverable; degraded when part of the request is unmet.</summary>
internal sealed class CollectorHealthCheck(CollectorService collector, RefusedSettings settings, TimeProvider time) : IHealthCheck
{
    private const int MostNamed = 20;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = collector.GetStatus();
        var facts = CollectorFacts.Of(status, [.. collector.GetSymbols().Select(channel => channel.Symbol)], time.GetUtcNow());
        var failures = Failures(status).ToArray();
        if (failures.Length > 0)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(string.Join(" ", failures), data: facts));
        }

        var shortcomings = settings.Sentences.Concat(Shortcomings(status)).Distinct().ToArray();
        return Task.FromResult(shortcomings.Length > 0
            ? HealthCheckResult.Degraded(string.Join(" ", shortcomings), data: facts)
            : HealthCheckResult.Healthy(data: facts));
    }

    private static IEnumerable<string> Failures(CollectorStatus status)
    {
        if (status.HubAwayMs is { } away)
        {
            yield return $"Nothing was acknowledged by {Outlet(status)} for {away / 1000} "
                + $"s{(status.HubAwayReason is { } reason ? $" ({reason})" : "")}; {status.InFlight} records wait, "
                    + $"{status.Spool?.Records ?? 0} of them on disk.";
        }

        if (status.Spool is { Pressure: SpoolStatus.Refuse } spool)
        {
            yield return $"Ticks are refused ({spool.RefusedTicks} so far): the spool has {new ByteSize(spool.Bytes)} of "
                + $"{new ByteSize(spool.LimitBytes)}"
                + $"{(spool.Trouble is null ? "" : $", and cannot be written ({spool.Trouble})")}. Bring {Outlet(status)} back, or make "
                    + $"room.";
        }

        if (status.Replica is { } replica && (replica.Problem ?? Waiting(replica)) is { } problem)
        {
            yield return problem;
        }
        else if (status.Refused.Count > 0)
        {
            yield return string.Join(" ", status.Refused.Values);
        }
        else if (status.Connected.Where(market => !market.Value).Select(market => market.Key).ToArray() is { Length: > 0 } markets)
        {
            yield return $"No session with Polygon for {string.Join(", ", markets)}.";
        }
    }

    private static string? Waiting(ReplicaStatus replica) => replica.State switch
    {
        "replaced" =>
            $"Another collector is {replica.Instance} in group {replica.Group}: give each a name of its own by Collector:InstanceId, and "
                + $"start this one anew.",
        "joining" => $"Not in group {replica.Group} yet.",
        _ => null,
    };

    private static IEnumerable<string> Shortcomings(CollectorStatus status)
    {
        if (status.Selection?.Problem is { } selection)
        {
            yield return selection;
        }

        foreach (var (market, feed) in status.Connections)
        {
            if (feed.Missing.Count > 0)
            {
                yield return $"Polygon has not acknowledged {feed.Missing.Count} channels of {market}: {Names(feed.Missing)}.";
            }

            if (feed.Refused.Count > 0)
            {
                yield return $"Polygon refused {feed.Refused.Count} channels of {market}: {Names(feed.Refused.Keys)}.";
            }

            if (feed.LeftOut.Count > 0)
            {
                yield return $"{feed.LeftOut.Count} symbols of {market} have no room on the allowed connections: {Names(feed.LeftOut)}.";
            }
        }

        if (status.Stale.Count > 0)
        {
            yield return $"{status.Stale.Count} channels bring nothing in the hours of their market: {Names(status.Stale)}.";
        }

        if (status.Spool is { Pressure: not SpoolStatus.None } spool)
        {
            yield return $"The spool has {new ByteSize(spool.Bytes)} of {new ByteSize(spool.LimitBytes)}: quotes are conflated "
                + $"({spool.ConflatedTicks} so far). "
                + $"Bring {Outlet(status)} back, or make room.";
        }
    }

    private static string Outlet(CollectorStatus status) => status.Outlet?.Name ?? "the event hub";

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(MostNamed)) + (all.Length > MostNamed ? ", ..." : "");
    }
}
