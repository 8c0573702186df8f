using System.Collections.Concurrent;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats;

/// <summary>A nats-server for one test with its own configuration; the test may kill it and restart it on the same port.</summary>
internal sealed class NatsTestServer(string configuration = "") : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _logged = new(0);
    private ChildProcess? _process;

    public int Port { get; private init; } = FreePort.Choose();

    public string Url => $"nats://127.0.0.1:{Port}";

    public static async Task<NatsTestServer> StartNewAsync(string configuration = "")
    {
        var server = new NatsTestServer(configuration);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var file = _folder.File("nats.conf");
        await File.WriteAllTextAsync(file, $"listen: 127.0.0.1:{Port}\n{configuration}\n");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = (await TestInstallation.GetAsync()).NatsServer,
            Arguments = ["-c", file],
            OnError = line =>
            {
                _lines.Enqueue(line);
                _logged.Release();
                if (line.Contains("Server is ready", StringComparison.Ordinal))
                    ready.TrySetResult();
            },
        });
        (await Task.WhenAny(ready.Task, _process.Exited)).ShouldBe(ready.Task);
    }

    /// <summary>Waits until at least this many lines of the server's log contain a text.</summary>
    public async Task LineAsync(string text, int count, CancellationToken cancellationToken)
    {
        while (_lines.Count(line => line.Contains(text, StringComparison.Ordinal)) < count)
            await _logged.WaitAsync(cancellationToken);
    }

    /// <summary>Starts another server on the same port, with another configuration.</summary>
    public async Task<NatsTestServer> StartWithAsync(string newConfiguration)
    {
        var other = new NatsTestServer(newConfiguration) { Port = Port };
        await other.StartAsync();
        return other;
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.Exited;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
        _logged.Dispose();
    }
}
