using System.Text.Json;

namespace CloudTicks.LocalServices.Nats;

/// <summary>Waits until the servers of a cluster are connected to each other; until then a message might not reach all of them.</summary>
internal static class NatsRoutes
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public static async Task WaitAsync(IReadOnlyList<NatsServer> servers, TimeProvider time, CancellationToken cancellationToken)
    {
        if (servers.Count == 1)
        {
            return;
        }

        using var http = new HttpClient();
        foreach (var server in servers.Where(server => !server.Exited.IsCompleted))
        {
            var others = servers.Where(other => other != server && !other.Exited.IsCompleted).Select(other => other.Name).ToList();
            while (!others.All((await ReadAsync(http, server, cancellationToken)).Contains))
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    /// <summary>The names of the servers that a server has a route to.</summary>
    public static async Task<IReadOnlySet<string>> ReadAsync(HttpClient http, NatsServer server, CancellationToken cancellationToken)
    {
        var text = await http.GetStringAsync(new Uri(server.MonitorUrl, "routez"), cancellationToken);
        using var response = JsonDocument.Parse(text);
        return response.RootElement.TryGetProperty("routes", out var routes)
            ? routes.EnumerateArray()
                .Select(route => route.TryGetProperty("remote_name", out var name) ? name.GetString() ?? "" : "")
                .ToHashSet()
            : new HashSet<string>();
    }
}
