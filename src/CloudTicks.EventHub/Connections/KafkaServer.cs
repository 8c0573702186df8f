using System.Collections.Concurrent;
using System.Net.Sockets;
using CloudTicks.EventHub.Hosting;

namespace CloudTicks.EventHub.Connections;

/// <summary>Accepts connections, up to a bound, and runs each as a task.</summary>
internal sealed class KafkaServer(KafkaListener listener, EventHubOptions options, ConnectionServices services, ILogger logger) : IAsyncDisposable
{
    private readonly int _most = OpenFiles.BoundConnections(options.MaxConnections, OpenFiles.Limit());
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, Task> _connections = new();
    private Task _accepting = Task.CompletedTask;
    private int _nextConnection;

    public void Start()
    {
        if (_most < options.MaxConnections)
        {
            logger.FewConnections(_most, options.MaxConnections);
        }

        _accepting = AcceptAsync();
    }

    /// <summary>Takes no more connections, lets requests in flight end shortly, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception e) when (_stopping.IsCancellationRequested && e is (OperationCanceledException or SocketException or ObjectDisposedException))
            {
                return;
            }
            catch (SocketException e)
            {
                // One client gone before it was accepted, or no descriptor left: neither is a reason to stop accepting.
                services.Refusals.Refused("a client", e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(50), services.Time, CancellationToken.None);
                continue;
            }

            if (_connections.Count >= _most)
            {
                services.Refusals.Refused(KafkaConnection.ClientOf(socket), $"there are {_most} connections already");
                socket.Dispose();
                continue;
            }

            var number = _nextConnection++;
            var connection = new KafkaConnection(socket, services, options, logger);
            var ended = new TaskCompletionSource();
            _connections[number] = ended.Task;
            _ = RunAsync(connection, number, ended);
        }
    }

    private async Task RunAsync(KafkaConnection connection, int number, TaskCompletionSource ended)
    {
        await Task.Yield();
        try
        {
            await using (connection)
            {
                await connection.RunAsync(_stopping.Token);
            }
        }
        finally
        {
            _connections.TryRemove(number, out _);
            ended.SetResult();
        }
    }
}
