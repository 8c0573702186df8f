using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Verification.Checks;

/// <summary>Checks that the connections to the feed are up, and that none was lost recently.</summary>
internal sealed class ConnectionCheck(OperatedSystem system, VerificationOptions options, TimeProvider time) : ICheck
{
    private const string Cure =
        "Look at the collector's log for the reason; docs/troubleshooting.md lists the usual reasons (key, plan, other processes with the "
            + "same key, network).";

    public string Name => "connection";

    public string Title => "The connection is stable";

    public IReadOnlyList<string> Subjects => [Parts.Collector];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        var responses = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<CollectorStatus>("api/v1/status", cancellationToken)));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var outages = responses.Sum(response => response.Outages.Values.Sum(outage => outage.Count));
        var connections = responses.SelectMany(
            response => response.Connections.SelectMany(
                market => market.Value.Connections.Select(connection => (Market: market.Key, Connection: connection)))).ToArray();
        var facts = new JsonObject
        {
            ["connections"] = connections.Length,
            ["open"] = connections.Count(entry => entry.Connection.State == ConnectionState.Open),
            ["outages"] = outages,
            ["outage_ms"] = responses.Sum(response => response.Outages.Values.Sum(outage => outage.Ms)),
        };
        if (responses.SelectMany(response => response.Refused.Values).FirstOrDefault() is { } refusal)
        {
            return Finding.Fail(refusal, Cure, facts);
        }

        var down = connections.Where(entry => entry.Connection is { State: not ConnectionState.Open, Wanted: > 0 }).ToArray();
        if (down.Length > 0)
        {
            var first = down[0];
            return Finding.Fail(
                $"{down.Length} of {connections.Length} connections are not open: {first.Market}/{first.Connection.Slot} has been "
                    + $"{JsonNamingPolicy.SnakeCaseLower.ConvertName($"{first.Connection.State}")} for "
                        + $"{Format.Seconds(now - first.Connection.SinceMs)}.",
                Cure, facts);
        }

        if (responses.SelectMany(response => response.Connected.Where(market => !market.Value)).Select(market => market.Key)
            .FirstOrDefault() is { } market && responses.Length == 1)
        {
            return Finding.Fail($"There is no session for {market}.", Cure, facts);
        }

        var young = connections.Where(
            entry => entry.Connection.Wanted > 0 && now - entry.Connection.SinceMs < options.LookBack.TotalMilliseconds).ToArray();
        var youngest = connections.Length == 0 ? 0 : connections.Min(entry => now - entry.Connection.SinceMs);
        // A new session without an outage belongs to a collector that has just started, or to an added symbol.
        var lost = young.Where(entry => responses.Any(response => response.Outages.GetValueOrDefault(entry.Market)?.Count > 0)).ToArray();
        return lost.Length > 0
            ? Finding.Fail(
                $"A session was lost and restored {Counted.Of(outages, "time")} since the collector started, most recently "
                    + $"{Format.Seconds(lost.Min(entry => now - entry.Connection.SinceMs))} ago.", Cure, facts)
            : Finding.Pass(
                connections.Length == 0 ? "No connection is needed."
                    : $"{connections.Length:N0} connections are open, "
                        + $"{(connections.Length == 1 ? "" : "the youngest ")}for {Format.Seconds(youngest)}; "
                            + $"{Counted.Of(outages, "outage")} since the start.", facts);
    }
}
