using System.Collections.Concurrent;
using System.Net.Sockets;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Connections;

internal sealed class KafkaServer(KafkaListener listener, EventHubOptions options, ConnectionServices services, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(50);
    private readonly ConnectionLimit _bound = new(options.MaxConnections, services.Time);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, Task> _connections = new();
    private Task _accepting = Task.CompletedTask;
    private int _nextConnection;

    public void Start()
    {
        if (_bound.Current(0) is var bound && bound < options.MaxConnections)
        {
            logger.FewConnections(bound, options.MaxConnections);
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
        _bound.Dispose();
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

            if (_bound.Current(_connections.Count) is var bound && _connections.Count >= bound)
            {
                services.Refusals.Crowded(bound);
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

    /// <summary>One client gone before it was accepted, or no file left for it: neither is a reason to stop accepting.</summary>
    private async Task RecoverAsync(SocketException failure)
    {
        if (failure.SocketErrorCode != SocketError.TooManyOpenSockets)
        {
            services.Refusals.Refused("a client", failure.Message);
        }
        else
        {
            services.Refusals.Crowded(_connections.Count);
            try
            {
                await _bound.RefuseOneAsync(listener, _stopping.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client is gone, the hub stops, or another file was opened meanwhile: the loop sees which.
            }
        }

        await Task.Delay(AfterFailure, services.Time, CancellationToken.None);
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
