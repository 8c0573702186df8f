using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>
/// A connection that libnats reopens after a loss, and on which it subscribes again. Messages that were received before the loss are kept.
/// </summary>
internal sealed unsafe class SubscriberConnection : ILibnatsConnectionEvents, IDisposable
{
    private const int StatusConnected = 2;

    private readonly NatsConnectionSettings _settings;
    private readonly ConnectionLoop _loop;
    private readonly Action _onConnected;
    private readonly nint _closure;
    private readonly string _echoSubject = $"_INBOX.{Guid.NewGuid():N}.echo";
    private readonly EchoWaiters _echoes;
    private LibnatsConnectionHandle? _connection;
    private ConnectionSubscription? _echo;
    private int _closed;

    /// <param name="onConnected">Called when the library has reconnected.</param>
    public SubscriberConnection(NatsConnectionSettings settings, ConnectionLoop loop, Action onConnected)
    {
        (_settings, _loop, _onConnected, _echoes) = (settings, loop, onConnected, new EchoWaiters(settings));
        _closure = LibnatsCallbacks.Add(this);
    }

    public bool IsConnected => Status() == StatusConnected;

    public string Server => LibnatsMethods.ConnectedServer(_connection);

    private bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Connects to one of the servers; blocks for up to the connect timeout of each.</summary>
    /// <exception cref="LibnatsException">No server could be reached, or one refused.</exception>
    public void Open()
    {
        using var options = LibnatsOptions.Create(_settings);
        Set(LibnatsMethods.OptionsSetPingInterval(options, LibnatsOptions.Milliseconds(_settings.PingInterval)));
        Set(LibnatsMethods.OptionsSetMaxPingsOut(options, 2));
        Set(LibnatsMethods.OptionsSetMaxReconnect(options, -1));
        Set(LibnatsMethods.OptionsSetReconnectWait(options, LibnatsOptions.Milliseconds(_settings.ReconnectWait)));
        var jitter = LibnatsOptions.Milliseconds(_settings.ReconnectWait / 2);
        Set(LibnatsMethods.OptionsSetReconnectJitter(options, jitter, jitter));
        Set(LibnatsMethods.OptionsSetReconnected(options, &LibnatsCallbacks.Connected, _closure));
        Set(LibnatsMethods.OptionsSetDisconnected(options, &LibnatsCallbacks.Disconnected, _closure));
        Set(LibnatsMethods.OptionsSetClosed(options, &LibnatsCallbacks.Closed, _closure));
        Set(LibnatsMethods.OptionsSetErrorHandler(options, &LibnatsCallbacks.Failed, _closure));
        Set(LibnatsMethods.ConnectionConnect(out _connection, options));
        _echo = new ConnectionSubscription(_connection, _echoSubject, _settings, OnEcho);

        void Set(LibnatsStatus status) => LibnatsException.ThrowIfFailed(status, $"connect to {_settings}");
    }

    /// <summary>Subscribes. Returns null if the connection is closed; the next connection subscribes again.</summary>
    public ConnectionSubscription? Subscribe(string subject, NatsMessageHandler deliver)
    {
        try
        {
            return new ConnectionSubscription(_connection!, subject, _settings, deliver);
        }
        catch (LibnatsException exception) when (exception.Status == LibnatsStatus.ConnectionClosed)
        {
            return null;
        }
    }

    /// <summary>
    /// Blocks until the library gives up reconnecting, or the loop stops. The library's own pings suffice, because messages do not delay
    /// the thread that reads responses.
    /// </summary>
    public void WaitWhileOpen(Action onIdle) => _loop.WaitWhileOpen(() => !IsClosed, onIdle);

    /// <summary>Completes when the server has processed everything sent before; fails when the connection is lost first.</summary>
    public Task EchoAsync()
    {
        var number = _echoes.Add(out var echoed);
        Span<byte> payload = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        try
        {
            LibnatsStatus status;
            fixed (byte* subject = Encoding.UTF8.GetBytes(_echoSubject + '\0'), data = payload)
                status = LibnatsMethods.ConnectionPublish(_connection!, subject, data, sizeof(long));
            if (status != LibnatsStatus.Ok)
                _echoes.Fail(LibnatsMethods.Text(status));
        }
        catch (ObjectDisposedException)
        {
            _echoes.Fail("it was closed");
        }

        return echoed;
    }

    public void OnConnected() => _onConnected();

    public void OnDisconnected() => HandleLoss();

    public void OnClosed()
    {
        HandleLoss();
        Volatile.Write(ref _closed, 1);
        _loop.Wake();
    }

    public void OnError(LibnatsStatus status)
    {
        // A slow handler loses messages, not the connection; its subscription counts and logs them.
        if (status != LibnatsStatus.SlowConsumer)
            _loop.OnNotConnected(LibnatsMethods.Text(status));
    }

    public void Dispose()
    {
        LibnatsCallbacks.RemoveConnection(_closure);
        if (_connection is { IsInvalid: false })
            LibnatsMethods.ConnectionClose(_connection);
        _echoes.Fail("it was closed");
        _echo?.Dispose();
        _connection?.Dispose();
    }

    private void HandleLoss()
    {
        var problem = LibnatsMethods.LastError(_connection).Text;
        _echoes.Fail(problem);
        _loop.OnNotConnected(problem);
    }

    private void OnEcho(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (payload.Length == sizeof(long))
            _echoes.Complete(BinaryPrimitives.ReadInt64LittleEndian(payload));
    }

    private int Status()
    {
        try
        {
            return _connection is { IsInvalid: false, IsClosed: false } ? LibnatsMethods.ConnectionStatus(_connection) : 0;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }
}
