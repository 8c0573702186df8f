using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>A connection that the library renews with its subscriptions, so that received messages survive its loss.</summary>
internal sealed unsafe class SubscriberConnection : ILibnatsConnectionEvents, IDisposable
{
    private const int StatusConnected = 2;

    private readonly NatsConnectionSettings _settings;
    private readonly Action _connected;
    private readonly Action<string> _lost;
    private readonly Action _ended;
    private readonly nint _closure;
    private readonly string _echoSubject = $"_INBOX.{Guid.NewGuid():N}.echo";
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource> _echoes = [];
    private LibnatsConnectionHandle? _connection;
    private LibnatsSubscription? _echo;
    private long _lastEcho;
    private int _closed;

    public SubscriberConnection(NatsConnectionSettings settings, Action connected, Action<string> lost, Action ended)
    {
        (_settings, _connected, _lost, _ended) = (settings, connected, lost, ended);
        _closure = LibnatsCallbacks.Add(this);
    }

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    public bool IsConnected => Status() == StatusConnected;

    public string Server => LibnatsMethods.ConnectedServer(_connection);

    /// <summary>Connects to one of the servers; blocks for up to the connect timeout of each.</summary>
    /// <exception cref="LibnatsException">None of them could be reached, or it refused.</exception>
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
        _echo = new LibnatsSubscription(_connection, _echoSubject, _settings, OnEcho);

        void Set(LibnatsStatus status) => LibnatsException.ThrowIfFailed(status, $"connect to {_settings}");
    }

    public void Attach(NatsSubscription subscription) => subscription.Attach(_connection!);

    /// <summary>Completes when the server has processed everything sent before; fails when the connection is lost first.</summary>
    public Task EchoAsync()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long number;
        lock (_gate)
        {
            number = ++_lastEcho;
            _echoes.Add(number, waiter);
        }

        Span<byte> payload = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        try
        {
            LibnatsStatus status;
            fixed (byte* subject = Encoding.UTF8.GetBytes(_echoSubject + '\0'), data = payload)
                status = LibnatsMethods.ConnectionPublish(_connection!, subject, data, sizeof(long));
            if (status != LibnatsStatus.Ok)
                FailEchoes(LibnatsMethods.Text(status));
        }
        catch (ObjectDisposedException)
        {
            FailEchoes("it was closed");
        }

        return waiter.Task;
    }

    public void OnConnected() => _connected();

    public void OnDisconnected() => Lose();

    public void OnClosed()
    {
        Lose();
        Volatile.Write(ref _closed, 1);
        _ended();
    }

    public void OnError(LibnatsStatus status)
    {
        // A handler that is too slow loses messages and no connection; its subscription counts and says them.
        if (status != LibnatsStatus.SlowConsumer)
            _lost(LibnatsMethods.Text(status));
    }

    public void Dispose()
    {
        LibnatsCallbacks.RemoveConnection(_closure);
        if (_connection is { IsInvalid: false })
            LibnatsMethods.ConnectionClose(_connection);
        FailEchoes("it was closed");
        _echo?.Dispose();
        _connection?.Dispose();
    }

    private void Lose()
    {
        var problem = LibnatsMethods.LastError(_connection).Text;
        FailEchoes(problem);
        _lost(problem);
    }

    private void OnEcho(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (payload.Length == sizeof(long) && _echoes.Remove(BinaryPrimitives.ReadInt64LittleEndian(payload), out var waiter))
                waiter.TrySetResult();
        }
    }

    private void FailEchoes(string problem)
    {
        lock (_gate)
        {
            foreach (var waiter in _echoes.Values)
                waiter.TrySetException(new MessagingException($"The connection to NATS at {_settings} was lost: {problem}."));
            _echoes.Clear();
        }
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
