using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CloudTicks.Messaging.Tests.Nats;

/// <summary>A nats-server of one test, which it may kill and start again on the same port.</summary>
internal sealed class NatsTestServer(string program, string configuration = "") : IAsyncDisposable
{
    private Process? _process;

    public int Port { get; private init; } = FreePort();

    public string Url => $"nats://127.0.0.1:{Port}";

    public static async Task<NatsTestServer> StartNewAsync(NatsFixture nats, string configuration = "")
    {
        var server = new NatsTestServer(nats.ServerProgram, configuration);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"cloudticks-nats-{Guid.NewGuid():N}.conf");
        await File.WriteAllTextAsync(file, $"listen: 127.0.0.1:{Port}\n{configuration}\n");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = new ProcessStartInfo(program, ["-c", file]) { RedirectStandardError = true } };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                ready.TrySetException(new InvalidOperationException("nats-server ended before it was ready."));
            else if (line.Data.Contains("Server is ready", StringComparison.Ordinal))
                ready.TrySetResult();
        };
        _process.Start();
        _process.BeginErrorReadLine();
        await ready.Task;
    }

    /// <summary>Another server on the same port, with another configuration.</summary>
    public async Task<NatsTestServer> StartWithAsync(string configurationOfIt)
    {
        var other = new NatsTestServer(program, configurationOfIt) { Port = Port };
        await other.StartAsync();
        return other;
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
