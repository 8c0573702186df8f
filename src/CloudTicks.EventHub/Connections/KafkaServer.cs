using System.Collections.Concurrent;
using System.Net.Sockets;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Connections;

internal sealed class KafkaServer(KafkaListener listener, EventHubOptions options, ConnectionServices services, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    private readonly ConnectionLimit _limit = new(options.MaxConnections, services.Time);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, Task> _connections = new();
    private Task _accepting = Task.CompletedTask;
    private int _nextConnection;

    public void Start()
    {
        if (_limit.Current(0) is var limit && limit < options.MaxConnections)
        {
            logger.ConnectionsReduced(limit, options.MaxConnections);
        }

        _accepting = AcceptAsync();
    }

    /// <summary>Stops accepting connections, cancels the open connections, and waits until they have closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _limit.Dispose();
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
            catch (Exception e) when (_stopping.IsCancellationRequested
                && e is (OperationCanceledException or SocketException or ObjectDisposedException))
            {
                return;
            }
            catch (SocketException e)
            {
                await RecoverAsync(e);
                continue;
            }

            if (_limit.Current(_connections.Count) is var limit && _connections.Count >= limit)
            {
                services.Refusals.ConnectionLimitReached(limit);
                socket.Dispose();
                continue;
            }

            var number = _nextConnection++;
            var connection = new KafkaConnection(socket, services, options, logger);
            var connectionEnd = new TaskCompletionSource();
            _connections[number] = connectionEnd.Task;
            _ = RunAsync(connection, number, connectionEnd);
        }
    }

    /// <summary>
    /// Handles a failed accept: the client has disconnected, or no file descriptor is free. Accepting continues in both cases.
    /// </summary>
    private async Task RecoverAsync(SocketException failure)
    {
        if (failure.SocketErrorCode != SocketError.TooManyOpenSockets)
        {
            services.Refusals.Refused("a client", failure.Message);
        }
        else
        {
            services.Refusals.ConnectionLimitReached(_connections.Count);
            try
            {
                await _limit.RefuseOneAsync(listener, _stopping.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client disconnected, the event hub is stopping, or another file took the free descriptor. The accept loop handles
                // each case.
            }
        }

        await Task.Delay(RetryDelay, services.Time, CancellationToken.None);
    }

    private async Task RunAsync(KafkaConnection connection, int number, TaskCompletionSource connectionEnd)
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
            connectionEnd.SetResult();
        }
    }
}
