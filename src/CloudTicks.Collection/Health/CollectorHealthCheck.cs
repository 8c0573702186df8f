using CloudTicks.CentralHub.Settings;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Collection.Health;

/// <summary>
/// Reports unhealthy when ticks are missed or cannot be delivered, and degraded when settings are refused, some channels are not collected
/// as configured, or the spool is nearly full.
/// </summary>
internal sealed class CollectorHealthCheck(CollectorService collector, RefusedSettings settings, TimeProvider time) : IHealthCheck
{
    private const int MaxNames = 20;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = collector.GetStatus();
        var facts = CollectorFacts.Of(status, [.. collector.GetSymbols().Select(channel => channel.Symbol)], time.GetUtcNow());
        var failures = Failures(status).ToArray();
        if (failures.Length > 0)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(string.Join(" ", failures), data: facts));
        }

        var degradations = settings.Messages.Concat(Degradations(status)).Distinct().ToArray();
        return Task.FromResult(degradations.Length > 0
            ? HealthCheckResult.Degraded(string.Join(" ", degradations), data: facts)
            : HealthCheckResult.Healthy(data: facts));
    }

    private static IEnumerable<string> Failures(CollectorStatus status)
    {
        if (status.HubAwayMs is { } hubAwayMs)
        {
            var cause = status.HubAwayReason is { } reason ? $" ({reason})" : "";
            yield return $"{status.InFlight} records are waiting, {status.Spool?.Records ?? 0} of them on disk: {Outlet(status)} has "
                + $"acknowledged nothing for {hubAwayMs / 1000} s{cause}.";
        }

        if (status.Spool is { Pressure: SpoolStatus.Refuse } spool)
        {
            yield return $"Ticks are refused ({spool.RefusedTicks} so far): the spool holds {new ByteSize(spool.Bytes)} of "
                + $"{new ByteSize(spool.LimitBytes)}"
                + $"{(spool.Trouble is null ? "" : $", and cannot be written to ({spool.Trouble})")}. Restore {Outlet(status)} or free "
                + "disk space.";
        }

        if (status.Replica is { } replica && (replica.Problem ?? ReplicaProblem(replica)) is { } problem)
        {
            yield return problem;
        }
        else if (status.Refused.Count > 0)
        {
            yield return string.Join(" ", status.Refused.Values);
        }
        else if (status.Connected.Where(market => !market.Value).Select(market => market.Key).ToArray() is { Length: > 0 } markets)
        {
            yield return $"The collector is not connected to Polygon: {string.Join(", ", markets)}.";
        }
    }

    private static string? ReplicaProblem(ReplicaStatus replica) => replica.State switch
    {
        "replaced" =>
            $"Another collector has the name {replica.Instance} in group {replica.Group}: set Collector:InstanceId to a unique name and "
                + "restart this one.",
        "joining" => $"The collector has not joined group {replica.Group} yet.",
        _ => null,
    };

    private static IEnumerable<string> Degradations(CollectorStatus status)
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
                yield return $"{feed.LeftOut.Count} symbols of {market} do not fit on the allowed connections: {Names(feed.LeftOut)}.";
            }
        }

        if (status.Stale.Count > 0)
        {
            yield return $"{status.Stale.Count} channels are silent during market hours: {Names(status.Stale)}.";
        }

        if (status.Spool is { Pressure: not SpoolStatus.None } spool)
        {
            yield return $"The spool holds {new ByteSize(spool.Bytes)} of {new ByteSize(spool.LimitBytes)}: quotes are conflated "
                + $"({spool.ConflatedTicks} so far). Restore {Outlet(status)} or free disk space.";
        }
    }

    private static string Outlet(CollectorStatus status) => status.Outlet?.Name ?? "the event hub";

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(MaxNames)) + (all.Length > MaxNames ? ", ..." : "");
    }
}
