using System.Net;
using System.Net.Sockets;

namespace CloudTicks.Functions.Tests;

/// <summary>
/// Passes connections on to a NATS server. A connection whose client publishes a tick loses its way back from then on: the server gets
/// the messages, and the client no confirmation, until <see cref="Cut"/> resets it. Connections made after that work.
/// </summary>
internal sealed class ConfirmationProxy : IAsyncDisposable
{
    private static readonly byte[] Publish = "PUB ticks."u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _pumps = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _silent;
    private volatile bool _cut;

    public ConfirmationProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"nats://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Completes when ticks were published; no confirmation comes through then.</summary>
    public Task Published => _published.Task;

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
            (_cut, _silent) = (true, false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Cut();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_pumps);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                lock (_gate)
                {
                    _sockets.AddRange([client, server]);
                    _pumps.AddRange([PumpAsync(client, server, isWayBack: false), PumpAsync(server, client, isWayBack: true)]);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isWayBack)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (!isWayBack && !_cut && buffer.AsSpan(0, read).IndexOf(Publish) >= 0)
                {
                    _silent = true;
                    _published.TrySetResult();
                }

                for (var sent = 0; sent < read && !(isWayBack && _silent);)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
