using CloudTicks.LocalServices.Nats;
using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// A nats-server for the test process on free ports. A test class with its own fixture may stop, kill and restart it. The fixture
/// also starts clusters.
/// </summary>
public sealed class NatsFixture : IAsyncLifetime
{
    private NatsCluster? _cluster;

    /// <summary>The server's address, <c>nats://127.0.0.1:PORT</c>; the same after a restart.</summary>
    public string Url => Cluster.Url;

    /// <summary>The server.</summary>
    public NatsServer Server => Cluster.Servers[0];

    private NatsCluster Cluster => _cluster ?? throw new InvalidOperationException("The fixture was not initialized.");

    /// <summary>Starts another server or a cluster of three; the caller disposes of it.</summary>
    /// <param name="nodes">1 or 3.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<NatsCluster> StartClusterAsync(int nodes, CancellationToken cancellationToken = default) =>
        await NatsCluster.StartAsync(await TestInstallation.GetAsync(), new NatsServerOptions { Nodes = nodes }, cancellationToken);

    /// <summary>Stops the server cleanly; <see cref="RestartAsync"/> starts it again.</summary>
    public Task StopAsync() => Server.StopAsync();

    /// <summary>Kills the server (SIGKILL) and waits until it has exited; <see cref="RestartAsync"/> starts it again.</summary>
    public async Task KillAsync()
    {
        Server.Kill();
        await Server.Exited;
    }

    /// <summary>Stops the server if it runs, and starts it again on the same ports.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    public Task RestartAsync(CancellationToken cancellationToken = default) => Cluster.RestartAsync(0, cancellationToken);

    /// <summary>Starts the server.</summary>
    public async ValueTask InitializeAsync() => _cluster = await StartClusterAsync(nodes: 1);

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
