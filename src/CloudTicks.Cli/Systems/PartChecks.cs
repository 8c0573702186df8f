using System.Net.Sockets;
using CloudTicks.Verification.Places;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Systems;

/// <summary>
/// Checks the parts of a running system: whether our services are healthy, and whether the other servers accept a connection.
/// </summary>
internal static class PartChecks
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<PartStatus>> RunAsync(RunningSystem system, CancellationToken cancellationToken)
    {
        using var http = ServiceClients.Create(MaxWait);
        (string Name, string? Address)[] servers =
            [("postgres", DatabaseOf(system)), ("nats", system.Nats), ("eventhubs", system.EventHub)];
        (string Name, Uri? Address)[] services =
        [
            ("functions", system.Hub), ("simulator", system.Simulator),
            .. system.Collectors.Select((address, index) => (index == 0 ? "collector" : $"collector-{index + 1}", (Uri?)address)),
            ("dashboard", system.Dashboard), ("relay", system.Relay),
        ];
        var lake = LakePart.QueryAsync(http, system.Hub, cancellationToken);
        var checks = await Task.WhenAll(
            servers.Where(server => server.Address is not null)
                .Select(server => ConnectAsync(server.Name, server.Address!, cancellationToken))
                .Concat(services.Where(service => service.Address is not null)
                    .Select(service => QueryAsync(http, service.Name, service.Address!, cancellationToken))));
        return await lake is { } part ? [.. checks, part] : checks;
    }

    private static string? DatabaseOf(RunningSystem system) =>
        system.Database is { } database ? $"{database.Host}:{database.Port}" : null;

    private static async Task<PartStatus> QueryAsync(HttpClient http, string name, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(address, "health"), cancellationToken);
            var problem = response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync(cancellationToken);
            return new PartStatus(name, address.AbsoluteUri, problem?.ReplaceLineEndings(" ").Trim());
        }
        catch (HttpRequestException exception)
        {
            return new PartStatus(name, address.AbsoluteUri, $"no answer ({exception.Message})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PartStatus(name, address.AbsoluteUri, $"no answer within {MaxWait.TotalSeconds:0} s");
        }
    }

    /// <summary>Checks that each of the given servers accepts a connection.</summary>
    private static async Task<PartStatus> ConnectAsync(string name, string servers, CancellationToken cancellationToken)
    {
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(MaxWait);
        foreach (var server in servers.Split(','))
        {
            var address = new Uri(server.Contains("://", StringComparison.Ordinal) ? server : $"tcp://{server}");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address.Host, address.Port, timeLimit.Token);
            }
            catch (SocketException exception)
            {
                return new PartStatus(name, servers, $"no answer at {address.Authority} ({exception.Message})");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new PartStatus(name, servers, $"no answer at {address.Authority} within {MaxWait.TotalSeconds:0} s");
            }
        }

        return new PartStatus(name, servers, Problem: null);
    }
}
