using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Tests.Places;

/// <summary>The files of a running AppHost in its data folder, with a listener in place of each part.</summary>
internal sealed class FakeSystem : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Dictionary<string, TcpListener> _parts = [];
    private readonly List<Task> _listening = [];
    private readonly FileStream _lock;

    /// <param name="dataFolder">The folder of <c>--data</c>.</param>
    /// <param name="feed"><c>simulated</c> or <c>polygon</c>.</param>
    /// <param name="isUp">False for an AppHost that is still starting: it has no note.</param>
    public FakeSystem(string dataFolder, string feed = "simulated", bool isUp = true)
    {
        Folder = Directory.CreateDirectory(Path.Combine(dataFolder, feed)).FullName;
        _lock = new FileStream(Path.Combine(Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        foreach (var part in (string[])["hub", "collector", "event hub", "NATS", "database"])
        {
            _parts[part] = new TcpListener(IPAddress.Loopback, 0);
            _parts[part].Start();
            _listening.Add(ListenAsync(part, _parts[part]));
        }

        if (isUp)
        {
            Write(feed);
        }
    }

    /// <summary>The data folder of the feed.</summary>
    public string Folder { get; }

    /// <summary>Called with the name of the part to which a program has connected.</summary>
    public Action<string>? Connected { get; set; }

    public string AddressOf(string part) => _parts[part].LocalEndpoint.ToString()!;

    /// <summary>Simulates kill -9: the note stays, and the lock is released.</summary>
    public void Kill() => _lock.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var listener in _parts.Values)
        {
            listener.Dispose();
        }

        await Task.WhenAll(_listening);
        await _lock.DisposeAsync();
        _end.Dispose();
    }

    private void Write(string feed) => File.WriteAllText(Path.Combine(Folder, RunningSystem.FileName), JsonSerializer.Serialize(new
    {
        feed,
        started = "2026-11-20T06:30:00Z",
        collectors = (string[])[$"http://{AddressOf("collector")}/"],
        hub = $"http://{AddressOf("hub")}/",
        event_hub = AddressOf("event hub"),
        nats = $"nats://{AddressOf("NATS")}",
        database = new
        {
            host = "127.0.0.1",
            port = ((IPEndPoint)_parts["database"].LocalEndpoint).Port,
            name = "ticks",
            user = "ticks",
            password_file = "/nowhere",
        },
    }));

    /// <summary>Accepts connections but never responds: the tests only check where a command connects.</summary>
    private async Task ListenAsync(string part, TcpListener listener)
    {
        var clients = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_end.Token);
                clients.Add(client);
                Connected?.Invoke(part);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
