using System.Text.Json.Nodes;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>Queries the monitors of the NATS nodes, and checks that each node runs and has a route to every other node.</summary>
internal sealed class NatsNodes(OperatedSystem system)
{
    private const string Part = "NATS monitor";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>The number of nodes whose monitors answer.</summary>
    public int Count { get; private set; }

    /// <summary>Checks the nodes.</summary>
    /// <returns>The fault; null if there is none. A guessed monitor that does not answer is not a fault.</returns>
    public async Task<Finding?> CheckAsync(CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(system.NatsMonitors.Select(monitor => QueryAsync(monitor, cancellationToken)));
        var nodes = results.OfType<Node>().ToArray();
        var answeringNodes = nodes.Where(node => node.Variables is not null).ToArray();
        var expected = Math.Max(system.Nats.Servers.Count, nodes.Length);
        string[] faults =
        [
            .. nodes.Where(node => node.Variables is null)
                .Select(node => $"The node with the monitor {node.Monitor.Authority} does not answer."),
            .. answeringNodes.Select(node => FaultOf(node, expected)).OfType<string>(),
        ];
        Count = answeringNodes.Length;
        if (faults.Length == 0)
        {
            return null;
        }

        var facts = new JsonObject
        {
            ["nodes"] = new JsonArray([.. answeringNodes.Select(node => (JsonNode)new JsonObject
            {
                ["name"] = node.Variables!.ServerName,
                ["cluster"] = node.Variables.Cluster?.Name,
                ["routes"] = new JsonArray([.. node.Others.Select(other => (JsonNode)other)]),
            })]),
        };
        return Finding.Fail(
            $"The nodes of NATS are not all connected, and a subscriber gets only what its own node receives. {string.Join(' ', faults)}",
            "Start the missing node. If all are running, they need the same cluster name, and the routes of each must name the "
                + "others' cluster ports, which no firewall may block; /routez of a monitor shows the routes of its node.",
            facts);
    }

    private static string? FaultOf(Node node, int expected)
    {
        var (name, cluster) = (node.Variables!.ServerName, node.Variables.Cluster);
        return node.Others.Count < expected - 1
            ? name + (cluster?.Name is { Length: > 0 } clusterName ? $" of the cluster '{clusterName}'" : "")
                + Invariant($" has routes to {node.Others.Count} of {expected - 1} others")
                + (node.Others.Count > 0 ? $": {Format.List(node.Others)}." : ".")
            : node.Others.Count == 0 && cluster?.Urls is { Count: > 0 } urls
            ? $"{name} has no route, and its configuration names {Format.List(urls)}."
            : null;
    }

    /// <returns>Null when a guessed monitor does not answer, or does not belong to these servers.</returns>
    private async Task<Node?> QueryAsync(Uri monitor, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new ServiceQueryClient(Part, monitor, null, MaxWait, system.Time);
            var variables = await client.GetAsync<NatsVariables>("varz", cancellationToken);
            if (!system.AreNatsMonitorsKnown && !system.Nats.Servers.Any(server => new Uri(server).Port == variables.Port))
            {
                return null;
            }

            var routes = await client.GetAsync<NatsRoutes>("routez", cancellationToken);
            // A node has several routes to each of the other nodes.
            var otherNodes = (routes.Routes ?? []).Select(route => route.RemoteName ?? route.RemoteId ?? "?").Distinct();
            return new Node(monitor, variables, [.. otherNodes.Order(StringComparer.Ordinal)]);
        }
        catch (NoResponseException)
        {
            return system.AreNatsMonitorsKnown ? new Node(monitor, null, []) : null;
        }
    }

    private sealed record Node(Uri Monitor, NatsVariables? Variables, IReadOnlyList<string> Others);

    private sealed record NatsVariables
    {
        public string ServerName { get; init; } = "";

        public int Port { get; init; }

        public NatsClusterVariables? Cluster { get; init; }
    }

    private sealed record NatsClusterVariables
    {
        public string? Name { get; init; }

        public IReadOnlyList<string>? Urls { get; init; }
    }

    private sealed record NatsRoutes
    {
        public IReadOnlyList<NatsRoute>? Routes { get; init; }
    }

    private sealed record NatsRoute
    {
        public string? RemoteName { get; init; }

        public string? RemoteId { get; init; }
    }
}
