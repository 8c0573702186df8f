using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Nats;

/// <summary>A running nats-server on the loopback address, as a child of this process.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private const string Ready = "Server is ready";
    private const string PortTaken = "address already in use";

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly ChildProcess _child;
    private readonly LogTail _log;

    private NatsServer(ChildProcess child, LogTail log, NatsNode node)
    {
        _child = child;
        _log = log;
        Node = node;
    }

    /// <summary>The server's name in the cluster, <c>nats-1</c> and so on.</summary>
    public string Name => Node.Name;

    /// <summary>The server's client port on 127.0.0.1.</summary>
    public int Port => Node.Port;

    /// <summary>The address for clients, <c>nats://127.0.0.1:PORT</c>.</summary>
    public string Url => $"nats://127.0.0.1:{Port}";

    /// <summary>The server's process id.</summary>
    public int Pid => _child.Pid;

    /// <summary>The root of the server's HTTP monitoring (<c>varz</c>, <c>connz</c>, <c>routez</c>).</summary>
    public Uri MonitorUrl => new($"http://127.0.0.1:{Node.MonitorPort}/");

    /// <summary>Completes with the exit code when the server ends.</summary>
    public Task<int> Exited => _child.Exited;

    /// <summary>The last lines of the server's log.</summary>
    public IReadOnlyList<string> LogTail => _log.Lines();

    internal NatsNode Node { get; }

    /// <summary>Stops the server with SIGTERM, which closes the connections of its clients.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => _child.TerminateAsync(StopGrace);

    /// <summary>Kills the server (SIGKILL), like a crash.</summary>
    public void Kill() => _child.Kill();

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _child.DisposeAsync();
    }

    /// <summary>Starts one server and waits until it accepts clients; null when one of its ports is in use.</summary>
    internal static async Task<NatsServer?> StartAsync(
        LocalInstallation installation, NatsNode node, string configurationFile, ServiceAccount? account, Action<string, string>? onLine,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var start = await ServerStart.RunAsync(
            new ChildProcessOptions
            {
                FileName = installation.NatsServer,
                Arguments = ["-c", configurationFile],
                Inherited = ChildVariables.Server,
                RunAs = account,
            },
            Ready,
            line => onLine?.Invoke(node.Name, line), time, cancellationToken);
        if (start.ExitCode is not { } exitCode)
        {
            return new NatsServer(start.Child, start.Log, node);
        }

        return start.Log.Contains(PortTaken)
            ? null
            : throw new InvalidOperationException($"nats-server did not start on port {node.Port} (exit code {exitCode}): {start.Log}");
    }
}
