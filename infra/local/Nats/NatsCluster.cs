using CloudTicks.Foundations.Disks;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Nats;

/// <summary>One nats-server, or three that form a cluster, on the loopback address.</summary>
public sealed class NatsCluster : IAsyncDisposable
{
    private const int MaxPortAttempts = 5;

    private readonly LocalInstallation _installation;
    private readonly NatsServerOptions _options;
    private readonly string _folder;
    private readonly ServiceAccount? _account;
    private readonly List<NatsServer> _servers = [];

    private NatsCluster(LocalInstallation installation, NatsServerOptions options)
    {
        _installation = installation;
        _options = options;
        _folder = Path.GetFullPath(options.WorkFolder ?? Directory.CreateTempSubdirectory("cloudticks-nats-").FullName);
        _account = ServiceAccount.For(_folder, installation.Folder);
        PrivateFolder.Create(_folder);
        _account?.TakeOver(_folder);
    }

    /// <summary>The servers of the cluster, in the order of their names.</summary>
    public IReadOnlyList<NatsServer> Servers => _servers;

    /// <summary>The addresses for clients, <c>nats://127.0.0.1:PORT</c>, separated by commas.</summary>
    public string Url => string.Join(',', _servers.Select(server => server.Url));

    /// <summary>Completes with the exit code when the first of the current servers ends.</summary>
    public async Task<int> AnyExitedAsync() => await await Task.WhenAny(_servers.Select(server => server.Exited));

    /// <summary>Starts the servers and waits until they accept clients and, if there are three, are connected to each other.</summary>
    /// <param name="installation">The program.</param>
    /// <param name="options">The number of servers, their ports and their folder.</param>
    /// <param name="cancellationToken">Cancels the wait and stops the servers.</param>
    /// <returns>The cluster; disposing it stops the servers.</returns>
    /// <exception cref="InvalidOperationException">A server cannot start; the message contains the reason, or the end of its
    /// log.</exception>
    public static async Task<NatsCluster> StartAsync(
        LocalInstallation installation, NatsServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(installation);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Nodes is not (1 or 3))
        {
            throw new ArgumentException($"A local NATS cluster must have 1 or 3 nodes, not {options.Nodes}.", nameof(options));
        }

        var cluster = new NatsCluster(installation, options);
        try
        {
            await cluster.StartAllAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Restarts a stopped or killed server on its ports.</summary>
    /// <param name="index">Its index in <see cref="Servers"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The new server, which replaces the old one.</returns>
    public async Task<NatsServer> RestartAsync(int index, CancellationToken cancellationToken = default)
    {
        var node = _servers[index].Node;
        await _servers[index].DisposeAsync();
        var server = await NatsServer.StartAsync(
            _installation, node, ConfigurationFile(node), _account, _options.OnLine, _options.Time, cancellationToken)
            ?? throw new InvalidOperationException($"nats-server could not restart: port {node.Port} or another of its ports is in use.");
        _servers[index] = server;
        await NatsRoutes.WaitAsync(_servers, _options.Time, cancellationToken);
        return server;
    }

    /// <summary>Stops all servers.</summary>
    public async Task StopAsync() => await Task.WhenAll(_servers.Select(server => server.StopAsync()));

    /// <summary>Stops all servers and deletes their temporary folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        if (_options.WorkFolder is null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxPortAttempts; attempt++)
        {
            if (await TryStartAllAsync(ChooseNodes(), cancellationToken))
            {
                await NatsRoutes.WaitAsync(_servers, _options.Time, cancellationToken);
                return;
            }

            await ClearAsync();
            if (_options.Port != 0 && !FreePort.IsFree(_options.Port))
            {
                break;
            }
        }

        var ports = _options.Port == 0
            ? "other programs took the free ports that were chosen for it"
            : $"port {_options.Port}, or another port of the cluster, is in use";
        throw new InvalidOperationException($"nats-server could not start: {ports}.");
    }

    private async Task<bool> TryStartAllAsync(IReadOnlyList<NatsNode> nodes, CancellationToken cancellationToken)
    {
        foreach (var node in nodes)
        {
            await File.WriteAllTextAsync(ConfigurationFile(node), node.Configuration(nodes), cancellationToken);
            _account?.TakeOver(_folder);
            var server = await NatsServer.StartAsync(
                _installation, node, ConfigurationFile(node), _account, _options.OnLine, _options.Time, cancellationToken);
            if (server is null)
            {
                return false;
            }

            _servers.Add(server);
        }

        return true;
    }

    private List<NatsNode> ChooseNodes()
    {
        var usedPorts = new HashSet<int>();
        int Free()
        {
            int port;
            do
            {
                port = FreePort.Choose();
            }
            while (!usedPorts.Add(port));
            return port;
        }

        return [.. Enumerable.Range(0, _options.Nodes).Select(i => new NatsNode(
            $"nats-{i + 1}",
            i == 0 && _options.Port != 0 ? _options.Port : Free(),
            i == 0 && _options.MonitorPort != 0 ? _options.MonitorPort : Free(),
            Free()))];
    }

    private string ConfigurationFile(NatsNode node) => Path.Combine(_folder, node.Name + ".conf");

    private async Task ClearAsync()
    {
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));
        _servers.Clear();
    }
}
