using System.Buffers.Binary;
using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats.NatsNet;

/// <summary>
/// A connection that the client library reopens after a loss, and on which it subscribes again. Messages that were received before the loss
/// are kept.
/// </summary>
internal sealed class SubscriberConnection : IDisposable
{
    private const int MaxSilentIntervals = 2;

    private readonly NatsConnectionSettings _settings;
    private readonly ConnectionLoop _loop;
    private readonly Action _onConnected;
    private readonly Client _client;
    private readonly EchoWaiters _echoes;
    private readonly string _echoSubject = $"_INBOX.{Guid.NewGuid():N}.echo";
    private ConnectionSubscription? _echo;
    private volatile bool _isConnected;
    private volatile bool _isBroken;
    private volatile Task _subscribeTask = Task.CompletedTask;
    private Task _probe = Task.CompletedTask;
    private string? _cause;
    private long _received;
    private long _receivedBefore;
    private int _silentIntervals;
    private int _connectionCount;

    /// <param name="onConnected">Called when the client has reconnected.</param>
    public SubscriberConnection(NatsConnectionSettings settings, ConnectionLoop loop, Action onConnected)
    {
        (_settings, _loop, _onConnected, _echoes) = (settings, loop, onConnected, new EchoWaiters(settings));
        _client = new Client(settings, loop.OnNotConnected);
        _client.Connection.ConnectionOpened += (_, _) =>
        {
            _client.Log.Clear();
            _isConnected = true;
            if (++_connectionCount > 1)
                _onConnected();
            return default;
        };
        _client.Connection.ConnectionDisconnected += (_, _) =>
        {
            _isConnected = false;
            HandleLoss(Interlocked.Exchange(ref _cause, null) ?? _client.Log.Problem ?? "the server or the network closed it");
            return default;
        };
        _client.Connection.ReconnectFailed += (_, _) =>
        {
            HandleLoss(_client.Log.Problem ?? "the attempt to reconnect failed");
            return default;
        };
    }

    public bool IsConnected => _isConnected && !_isBroken && _client.IsOpen;

    public string Server => _client.Server;

    private bool IsClosed => _isBroken || _client.Connection.ConnectionState == NatsConnectionState.Failed;

    /// <summary>Connects to one of the servers; blocks for up to the connect timeout of each.</summary>
    /// <exception cref="NatsClientException">No server could be reached, or one refused.</exception>
    public void Open()
    {
        _client.Open();
        _isConnected = true;
        _echo = Subscribe(_echoSubject, OnEcho);
    }

    /// <summary>Subscribes now, or on the next connection when this one is lost meanwhile.</summary>
    public ConnectionSubscription Subscribe(string subject, NatsMessageHandler deliver)
    {
        var subscription = new ConnectionSubscription(
            _client.Connection, subject, _settings, _loop.Time, deliver, () => Interlocked.Increment(ref _received));
        _subscribeTask = Task.WhenAll(_subscribeTask, SubscribeAsync(subscription));
        return subscription;
    }

    /// <summary>Blocks until the client gives up reconnecting, subscribing fails, or the loop stops.</summary>
    public void WaitWhileOpen(Action onIdle) => _loop.WaitWhileOpen(() => !IsClosed, () =>
    {
        CheckAlive();
        onIdle();
    });

    /// <summary>Completes when the server has processed everything sent before; fails when the connection is lost first.</summary>
    public async Task EchoAsync()
    {
        var number = _echoes.Add(out var echoed);
        // Wait for the subscriptions: otherwise the echo could overtake a subscription that waits for buffer space.
        await _subscribeTask;
        await PublishEchoAsync(number);
        await echoed;
    }

    public void Dispose()
    {
        _isConnected = false;
        _client.Dispose();
        _echoes.Fail("it was closed");
        _echo?.Dispose();
    }

    /// <summary>
    /// Makes the client reconnect when nothing has arrived for three ping intervals. After an interval without a message, requests an
    /// echo, so that an idle connection receives something too.
    /// </summary>
    private void CheckAlive()
    {
        var received = Volatile.Read(ref _received);
        if (!IsConnected || received != _receivedBefore)
        {
            (_receivedBefore, _silentIntervals) = (received, 0);
        }
        else if (++_silentIntervals <= MaxSilentIntervals)
        {
            if (_probe.IsCompleted)
                _probe = PublishEchoAsync(0);
        }
        else
        {
            _silentIntervals = 0;
            _cause = $"the server has not answered for {MaxSilentIntervals * _settings.PingInterval.TotalSeconds:0.#} s";
            _probe = _client.Connection.ReconnectAsync().AsTask();
        }
    }

    /// <summary>When subscribing fails, the client never retries it, so the whole connection is replaced.</summary>
    private async Task SubscribeAsync(ConnectionSubscription subscription)
    {
        try
        {
            await subscription.SubscribeAsync();
        }
        catch (Exception exception)
        {
            _isBroken = true;
            HandleLoss($"'{subscription.Subject}' could not be subscribed to: {ClientLog.Describe(exception)}");
        }
    }

    private async Task PublishEchoAsync(long number)
    {
        var payload = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        try
        {
            await _client.Connection.PublishAsync(_echoSubject, payload, serializer: NatsRawSerializer<byte[]>.Default);
        }
        catch (Exception exception) when (exception is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            _echoes.Fail(ClientLog.Describe(exception));
        }
    }

    private void OnEcho(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (payload.Length == sizeof(long))
            _echoes.Complete(BinaryPrimitives.ReadInt64LittleEndian(payload));
    }

    private void HandleLoss(string problem)
    {
        _echoes.Fail(problem);
        _loop.OnNotConnected(problem);
        _loop.Wake();
    }
}
