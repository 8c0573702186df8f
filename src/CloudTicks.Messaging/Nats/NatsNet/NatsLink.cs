using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats.NatsNet;

/// <summary>The NATS.Net connection of a publisher or a subscriber, with a number that changes whenever the connection does.</summary>
internal sealed class NatsLink : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Task _connecting;
    private object? _lastServerInfo;
    private long _generation;
    private string _problem = "not connected yet";

    public NatsLink(NatsConnectionSettings settings, Action connected, Action<string> lost)
    {
        Connection = new NatsConnection(new NatsOpts
        {
            Url = settings.ToString(),
            Name = settings.ClientName,
            AuthOpts = new NatsAuthOpts { Username = settings.UserName, Password = settings.Password, Token = settings.Token },
            TlsOpts = new NatsTlsOpts { Mode = settings.Secure ? TlsMode.Require : TlsMode.Auto },
            ConnectTimeout = settings.ConnectTimeout,
            PingInterval = settings.PingInterval,
            MaxPingOut = 2,
            ReconnectWaitMin = settings.ReconnectWait,
            ReconnectWaitMax = settings.RefusedWait,
            ReconnectJitter = settings.ReconnectWait / 2,
            MaxReconnectRetry = -1,
            RetryOnInitialConnect = true,
            SubPendingChannelCapacity = settings.MaxPendingMessages,
        });
        Connection.ConnectionOpened += (_, _) =>
        {
            connected();
            return default;
        };
        Connection.ConnectionDisconnected += (_, args) =>
        {
            Interlocked.Increment(ref _generation);
            Volatile.Write(ref _problem, args.Message);
            lost(args.Message);
            return default;
        };
        _connecting = ConnectAsync();
    }

    public NatsConnection Connection { get; }

    public bool IsConnected => Connection.ConnectionState == NatsConnectionState.Open;

    public string? Problem => IsConnected ? null : Volatile.Read(ref _problem);

    /// <summary>Counts greetings too, because events come late; a changed cluster costs a confirmation, never a message.</summary>
    public long Generation
    {
        get
        {
            lock (_gate)
            {
                var serverInfo = (object?)Connection.ServerInfo;
                if (!ReferenceEquals(serverInfo, _lastServerInfo))
                {
                    _lastServerInfo = serverInfo;
                    Interlocked.Increment(ref _generation);
                }

                return Volatile.Read(ref _generation);
            }
        }
    }

    public async Task WaitUntilConnectedAsync(CancellationToken cancellationToken) =>
        await Connection.ConnectAsync().AsTask().WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Connection.DisposeAsync();
        await _connecting;
        _stopping.Dispose();
    }

    private async Task ConnectAsync()
    {
        try
        {
            await Connection.ConnectAsync().AsTask().WaitAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            // It goes on trying by itself; until then health says what it said last.
            Volatile.Write(ref _problem, exception.Message);
        }
    }
}
