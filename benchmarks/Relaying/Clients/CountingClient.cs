using System.Net;
using System.Net.Sockets;
using System.Text;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Relaying.Clients;

/// <summary>
/// A WebSocket client on a plain socket that counts the events it receives. It costs almost nothing, so that a hundred of them leave the
/// processors to the relay.
/// </summary>
internal sealed class CountingClient : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly Socket _socket;
    private readonly FrameCounter _frames;
    private Task _reading = Task.CompletedTask;

    private CountingClient(Socket socket, FrameCounter frames) => (_socket, _frames) = (socket, frames);

    /// <summary>The number of received events, including statuses.</summary>
    public long Events => _frames.Events;

    public long Bytes => _frames.Bytes;

    public long Messages => _frames.Messages;

    /// <summary>Starts to read a socket whose peer skips the HTTP handshake.</summary>
    public static CountingClient Read(Socket socket)
    {
        var client = new CountingClient(socket, new FrameCounter(null));
        client._reading = client.ReadAsync();
        return client;
    }

    /// <summary>Connects to the relay and authenticates.</summary>
    /// <param name="onMessage">Receives each message, without its frame.</param>
    public static async Task<CountingClient> ConnectAsync(
        Uri relay, string market, CancellationToken cancellationToken, MessageReceiver? onMessage = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var client = new CountingClient(socket, new FrameCounter(onMessage));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, relay.Port), cancellationToken);
        await client.UpgradeAsync($"{relay.Host}:{relay.Port}", market, cancellationToken);
        client._reading = client.ReadAsync();
        await client.WaitForEventsAsync(1, cancellationToken);
        await client.SendAsync("""{"action":"auth","params":"any"}""", cancellationToken);
        await client.WaitForEventsAsync(2, cancellationToken);
        return client;
    }

    /// <summary>Subscribes, and waits for the acknowledgements.</summary>
    public async Task SubscribeAsync(IReadOnlyList<string> channels, CancellationToken cancellationToken)
    {
        var eventsBefore = Events;
        await SendAsync($$"""{"action":"subscribe","params":"{{string.Join(',', channels)}}"}""", cancellationToken);
        await WaitForEventsAsync(eventsBefore + channels.Count, cancellationToken);
    }

    /// <summary>Sends a text message.</summary>
    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _socket.SendAsync(ClientFrame.Text(Encoding.UTF8.GetBytes(text)), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task UpgradeAsync(string host, string market, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /{market} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"), cancellationToken);
        var response = new StringBuilder();
        var oneByte = new byte[1];
        while (!response.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _socket.ReceiveAsync(oneByte, cancellationToken) == 0)
            {
                break;
            }

            response.Append((char)oneByte[0]);
        }

        if (!response.ToString().Contains(" 101 ", StringComparison.Ordinal))
        {
            throw new BenchmarkException($"The relay did not open a WebSocket: {response}");
        }
    }

    private async Task WaitForEventsAsync(long events, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(MaxWait);
        using var poll = new PeriodicTimer(PollInterval);
        while (Events < events)
        {
            if (_reading.IsCompleted)
            {
                throw new BenchmarkException("The relay closed a connection.");
            }

            await poll.WaitForNextTickAsync(timeout.Token);
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[BufferBytes];
        try
        {
            for (int length; (length = await _socket.ReceiveAsync(buffer)) > 0;)
            {
                if (_frames.Add(buffer.AsSpan(0, length)))
                {
                    await _socket.SendAsync(ClientFrame.Pong());
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection was closed; a pass that misses events reports it.
        }
    }
}
