using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>A redis-server for one test, which may kill and restart it on the same port.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int MaxPortAttempts = 5;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly string? _password;
    private ChildProcess? _child;

    private RedisServer(string? password) => _password = password;

    /// <summary>The port on 127.0.0.1, the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>Starts the server on a free port.</summary>
    /// <param name="password">The password for clients; null for none.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<RedisServer> StartAsync(string? password, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = new RedisServer(password) { Port = FreePort.Choose() };
            try
            {
                await server.StartAsync(cancellationToken);
                return server;
            }
            catch (InvalidOperationException) when (attempt < MaxPortAttempts && !FreePort.IsFree(server.Port))
            {
                // Another process took the port in between.
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Starts or restarts the server on <see cref="Port"/>.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] secret = _password is null ? [] : ["--requirepass", _password];
        var options = await RedisInstallation.OptionsAsync(
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
            _folder.Path, .. secret,
        ]);
        var start = await ServerStart.RunAsync(options, "Ready to accept connections", null, TimeProvider.System, cancellationToken);
        _child = start.ExitCode is null
            ? start.Child
            : throw new InvalidOperationException($"redis-server did not start on port {Port} (exit code {start.ExitCode}): {start.Log}");
    }

    /// <summary>Kills the server (SIGKILL) and waits until it has exited.</summary>
    public async Task KillAsync()
    {
        _child!.Kill();
        await _child.Exited;
        await _child.DisposeAsync();
        _child = null;
    }

    /// <summary>
    /// Waits until the server has registered a subscription. The client may report success before it has opened its connection for
    /// subscriptions, and would miss messages published until then.
    /// </summary>
    /// <param name="channel">The channel, or a pattern (with <c>*</c>), which must be the only one on the server.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task UntilSubscribedAsync(string channel, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        if (_password is not null)
        {
            await writer.WriteLineAsync($"AUTH {_password}");
        }

        var command = channel.Contains('*', StringComparison.Ordinal) ? "PUBSUB NUMPAT" : $"PUBSUB NUMSUB {channel}";
        using var poll = new PeriodicTimer(PollInterval);
        while (true)
        {
            await writer.WriteLineAsync(command);
            string? line;
            do
            {
                // The last line is the number of subscribers, for example ":1".
                line = await reader.ReadLineAsync(cancellationToken);
                if (line is null || line.StartsWith('-'))
                {
                    throw new InvalidOperationException($"Redis does not count its subscribers: {line ?? "it ended the connection"}");
                }
            }
            while (!line.StartsWith(':'));

            if (line != ":0")
            {
                return;
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Pauses the server (SIGSTOP): it keeps its connections but does not respond.</summary>
    public void Pause() => Signal("-STOP");

    /// <summary>Resumes the server (SIGCONT).</summary>
    public void Resume() => Signal("-CONT");

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await _child.TerminateAsync(StopGrace);
            await _child.DisposeAsync();
        }

        _folder.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _child!.Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
