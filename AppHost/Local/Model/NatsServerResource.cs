using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.LocalServices.Nats;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>NATS from the local services: one server, or the three-node cluster that the command line requests.</summary>
internal sealed class NatsServerResource(string name, int preferredPort) : LocalResource(name), IResourceWithConnectionString
{
    private const int MonitorPort = 8222;

    private NatsCluster? _cluster;

    public string ConnectionName => Name;

    public string ConnectionString => _cluster?.Url ?? throw new InvalidOperationException($"{Name} has not been started.");

    public IReadOnlyList<NatsServer> Servers => _cluster?.Servers ?? [];

    /// <summary>The entry differs between the flavours: a server on this machine here, containers under Aspire.</summary>
    public override JsonObject ManifestEntry() => ManifestEntries.Value($"nats://127.0.0.1:{preferredPort}");

    public override IEnumerable<string> ProcessNames(RunOptions options) =>
        Enumerable.Range(1, options.NatsNodes).Select(node => string.Create(CultureInfo.InvariantCulture, $"nats-{node}"));

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken) => environment.StartOnPortsAsync(
        Name,
        [(Name, preferredPort), ($"{Name} monitor", MonitorPort)],
        ports => StartAsync(ports[0], ports[1], environment, cancellationToken),
        cancellationToken);

    private async Task StartAsync(int port, int monitorPort, LocalEnvironment environment, CancellationToken cancellationToken)
    {
        var options = new NatsServerOptions
        {
            Nodes = environment.Options.NatsNodes,
            Port = port,
            MonitorPort = monitorPort,
            WorkFolder = environment.Folder(Name),
            Time = environment.Time,
        };
        _cluster = await NatsCluster.StartAsync(await environment.InstallationAsync(cancellationToken), options, cancellationToken);
        for (var index = 0; index < options.Nodes; index++)
        {
            var server = _cluster.Servers[index];
            await SuperviseAsync(
                server.Name, StartsOf(_cluster, index), $"127.0.0.1:{server.Port}", health: null, environment, cancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static string Description(NatsServer server) => string.Create(
        CultureInfo.InvariantCulture, $"listens on 127.0.0.1:{server.Port}, monitor {server.MonitorUrl}, process {server.Pid}");

    /// <summary>
    /// Returns a function that returns the running node when it is first called, and restarts the node on later calls.
    /// </summary>
    private static Func<CancellationToken, Task<RunningProcess>> StartsOf(NatsCluster cluster, int index)
    {
        var isRestart = false;
        return async token =>
        {
            var server = isRestart ? await cluster.RestartAsync(index, token) : cluster.Servers[index];
            isRestart = true;
            return new RunningProcess(server.Exited, server.StopAsync, server.Kill, Description(server));
        };
    }
}
