using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CloudTicks.TestServices;

/// <summary>Forwards connections to a server, usually NATS, and can reset them or hold back their bytes.</summary>
public sealed class NatsProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _pumps = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _messagesFlow = NewCompletedSource();
    private volatile TaskCompletionSource _responsesFlow = NewCompletedSource();
    private volatile AwaitedText? _awaited;

    /// <summary>Starts accepting connections.</summary>
    /// <param name="target">The server's client port on 127.0.0.1.</param>
    public NatsProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The address for clients, <c>nats://127.0.0.1:PORT</c>.</summary>
    public string Url => $"nats://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Resets all open connections; new ones are accepted.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var socket in _sockets)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }

            _sockets.Clear();
        }
    }

    /// <summary>Keeps the connections open but forwards nothing until <see cref="Flow"/>.</summary>
    public void Stall() => _messagesFlow = _responsesFlow = NewSource();

    /// <summary>
    /// Once a client sends a given text, forwards only the client's bytes, and none from the server until <see cref="Flow"/>.
    /// </summary>
    /// <param name="text">The text, which the client must send in one piece.</param>
    /// <param name="precededBy">A text that the same connection must have sent before; null for any connection.</param>
    /// <returns>Completes once the text was sent; no response is forwarded after that.</returns>
    public Task StallResponsesAfter(string text, string? precededBy = null) => AwaitText(text, precededBy, stallsMessages: false);

    /// <summary>
    /// Once a client sends a given text, forwards nothing, including that text, until <see cref="Flow"/>. If the connection is reset before
    /// <see cref="Flow"/> is called, the text is lost.
    /// </summary>
    /// <param name="text">The text, which the client must send in one piece.</param>
    /// <param name="precededBy">A text that the same connection must have sent before; null for any connection.</param>
    /// <returns>Completes once the text was sent.</returns>
    public Task StallAfter(string text, string? precededBy = null) => AwaitText(text, precededBy, stallsMessages: true);

    /// <summary>Forwards all bytes again.</summary>
    public void Flow()
    {
        _messagesFlow.TrySetResult();
        _responsesFlow.TrySetResult();
    }

    /// <summary>Resets all connections and stops accepting new ones.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Cut();
        Flow();
        await _accepting;
        Cut(); // a connection that was accepted meanwhile
        _listener.Stop();
        await Task.WhenAll(_pumps);
        _stopping.Dispose();
    }

    private Task AwaitText(string text, string? precededBy, bool stallsMessages)
    {
        var awaited = new AwaitedText(
            Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(precededBy ?? ""), stallsMessages, NewSource());
        _awaited = awaited;
        return awaited.Sent.Task;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewCompletedSource()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                }
                catch (SocketException)
                {
                    // The server is stopped; the client retries.
                    client.Dispose();
                    server.Dispose();
                    continue;
                }

                lock (_gate)
                {
                    _sockets.AddRange([client, server]);
                    _pumps.AddRange([PumpAsync(client, server, areResponses: false), PumpAsync(server, client, areResponses: true)]);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool areResponses)
    {
        var buffer = new byte[64 * 1024];
        AwaitedText? preceded = null;
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (!areResponses)
                {
                    DetectText(buffer.AsSpan(0, read), ref preceded);
                }

                await (areResponses ? _responsesFlow : _messagesFlow).Task;
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection was reset.
        }
    }

    /// <param name="message">Bytes of a client.</param>
    /// <param name="preceded">The awaited text whose preceding text the client has sent.</param>
    private void DetectText(ReadOnlySpan<byte> message, ref AwaitedText? preceded)
    {
        if (_awaited is not { } awaited)
        {
            return;
        }

        preceded = message.IndexOf(awaited.PrecedingBytes) >= 0 ? awaited : preceded;
        if (preceded == awaited && message.IndexOf(awaited.Bytes) >= 0
            && Interlocked.CompareExchange(ref _awaited, null, awaited) == awaited)
        {
            _responsesFlow = NewSource();
            if (awaited.StallsMessages)
            {
                _messagesFlow = NewSource();
            }

            awaited.Sent.SetResult();
        }
    }

    private sealed record AwaitedText(byte[] Bytes, byte[] PrecedingBytes, bool StallsMessages, TaskCompletionSource Sent);
}
