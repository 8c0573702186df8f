using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>A redis-server of one test's own, which it may kill and start again on the same port.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int MostPorts = 5;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly string? _password;
    private ChildProcess? _child;

    private RedisServer(string? password) => _password = password;

    /// <summary>The port on 127.0.0.1; kept over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>Starts one on a free port.</summary>
    /// <param name="password">What clients must give; nothing when null.</param>
    /// <param name="cancellationToken">Ends the start.</param>
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
            catch (InvalidOperationException) when (attempt < MostPorts && !FreePort.IsFree(server.Port))
            {
                // Another process was faster to take the port.
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
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

    /// <summary>Kills it (SIGKILL), and waits until it has gone.</summary>
    public async Task KillAsync()
    {
        _child!.Kill();
        await _child.Exited;
        await _child.DisposeAsync();
        _child = null;
    }

    /// <summary>
    /// Waits until the server knows a subscription. A client reports that it has subscribed before that, while its second connection is
    /// still being made; what is published until then is lost to it.
    /// </summary>
    /// <param name="channel">The channel, or the server's only pattern.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
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

        var question = channel.Contains('*', StringComparison.Ordinal) ? "PUBSUB NUMPAT" : $"PUBSUB NUMSUB {channel}";
        using var poll = new PeriodicTimer(PollInterval);
        while (true)
        {
            await writer.WriteLineAsync(question);
            string? line;
            do
            {
                // The last line is the number of subscribers, such as ":1".
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

    /// <summary>Holds it still: it keeps its connections and answers nothing (SIGSTOP).</summary>
    public void Pause() => Signal("-STOP");

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Resume() => Signal("-CONT");

    /// <summary>Stops it.</summary>
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
