namespace CloudTicks.LocalServices.Nats;

/// <summary>The name and the ports of one server of a cluster.</summary>
/// <param name="Name">Its name, <c>nats-1</c> and so on.</param>
/// <param name="Port">Its client port.</param>
/// <param name="MonitorPort">Its HTTP monitoring port.</param>
/// <param name="RoutePort">Its port for routes from the other servers.</param>
internal sealed record NatsNode(string Name, int Port, int MonitorPort, int RoutePort)
{
    /// <summary>The configuration file; it contains all settings, because some have no command line option.</summary>
    public string Configuration(IReadOnlyList<NatsNode> cluster)
    {
        var text = $$"""
            server_name: {{Name}}
            listen: 127.0.0.1:{{Port}}
            http: 127.0.0.1:{{MonitorPort}}

            # Give a subscriber that falls behind in a burst time to catch up: a disconnected one would miss ticks.
            max_pending: 512MB
            write_deadline: "60s"

            """;
        if (cluster.Count == 1)
        {
            return text;
        }

        var routes = cluster.Where(other => other != this).Select(other => $"    nats://127.0.0.1:{other.RoutePort}");
        return text + $$"""

            cluster {
              name: cloudticks
              listen: 127.0.0.1:{{RoutePort}}
              routes: [
            {{string.Join('\n', routes)}}
              ]
            }

            """;
    }
}
