using CloudTicks.Foundations;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// One connection of a market: a series of sessions until it is retired or the server refuses the key. A refused key is not retried,
/// because repeated attempts with a wrong key look suspicious.
/// </summary>
internal sealed class PolygonConnection
{
    private readonly ConnectionServices _services;
    private readonly IConnectionOwner _owner;
    private readonly Func<PolygonOptions> _options;
    private readonly ReconnectBackoff _backoff;
    private readonly FeedOutage _outage;
    private readonly WakeSignal _signal = new();
    private readonly Lock _lock = new();
    private CancellationTokenSource? _ending;
    private CancellationTokenSource? _endSession;
    private bool _isRetired;
    private SessionEnd? _replacement;
    private volatile PolygonSession? _session;
    private (ConnectionState State, long SinceMs) _state;

    public PolygonConnection(
        Market market, int slot, Lock gate, ConnectionServices services, Func<PolygonOptions> options, IConnectionOwner owner)
    {
        (Market, Slot, _services, _options, _owner) = (market, slot, services, options, owner);
        Label = slot == 0 ? market.Path() : $"{market.Path()} #{slot + 1}";
        Book = new SubscriptionBook(Label, market, services.Timings, services.Metrics, services.Time, gate, services.Logger)
        {
            OnNoRoom = () => owner.OnNoRoom(this),
        };
        _outage = new FeedOutage(Label, services.Time, services.Logger);
        _backoff = new ReconnectBackoff(() => options().ReconnectDelay, services.Timings, Random.Shared);
        State = ConnectionState.Connecting;
    }

    public Market Market { get; }

    /// <summary>The connection's number in its market, from 0.</summary>
    public int Slot { get; }

    public string Label { get; }

    public SubscriptionBook Book { get; }

    public ConnectionState State
    {
        get
        {
            lock (_lock)
            {
                return _state.State;
            }
        }

        private set
        {
            lock (_lock)
            {
                _state = (value, _services.Time.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
    }

    public long StateSinceMs
    {
        get
        {
            lock (_lock)
            {
                return _state.SinceMs;
            }
        }
    }

    /// <summary>The time at which the last message of the current session arrived, Unix ms, UTC; null when there is none.</summary>
    public long? LastMessageMs => _session?.LastMessageMs is { } last and > 0 ? last : null;

    public long Outages => _outage.Count;

    public long OutageMs => _outage.Milliseconds;

    public void Wake() => _signal.Set();

    /// <summary>Ends the session if it is authenticated, and immediately starts another. Otherwise does nothing.</summary>
    public void Reconnect(string reason)
    {
        lock (_lock)
        {
            if (_state.State == ConnectionState.Open && _replacement is null)
            {
                _replacement = new SessionEnd(SessionEndReason.Stale, reason);
                _endSession?.CancelAfter(TimeSpan.Zero);
            }
        }
    }

    /// <summary>Whether the connection starts no further session, because the key was refused.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Prevents further sessions. An open session continues; one that is still connecting is closed.</summary>
    public void GiveUp()
    {
        IsGivenUp = true;
        if (State != ConnectionState.Open)
        {
            Retire();
        }
    }

    /// <summary>Closes the current session and prevents further ones.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            // Cancels on another thread, so that continuations do not run while the caller holds its locks.
            _isRetired = true;
            _ending?.CancelAfter(TimeSpan.Zero);
        }
    }

    /// <summary>Connects, and reconnects whenever a session ends, until stopped, retired or permanently refused.</summary>
    /// <param name="stopping">Cancelled to close the session within about a second and return.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        lock (_lock)
        {
            _ending = ending;
            if (_isRetired)
            {
                ending.Cancel();
            }
        }

        while (!ending.IsCancellationRequested)
        {
            var (end, activeTime) = await RunSessionAsync(ending.Token);
            if (ending.IsCancellationRequested)
            {
                break;
            }

            if (IsGivenUp)
            {
                _outage.OnSessionEnded(end, pause: null, lastMessageAt: null);
                break;
            }

            _services.Metrics.SessionEnded(Market, end.Reason);
            if (end.Reason == SessionEndReason.AuthFailed)
            {
                _owner.OnKeyRefused(end.Message);
                break;
            }

            if (end.Reason == SessionEndReason.MaxConnections && !_owner.OnConnectionLimit(this, end.Message))
            {
                break;
            }

            var pause = end.Reason == SessionEndReason.Stale ? TimeSpan.Zero : _backoff.Next(end.Reason, activeTime);
            State = end.Reason == SessionEndReason.MaxConnections ? ConnectionState.CoolingDown : ConnectionState.Waiting;
            _outage.OnSessionEnded(end, pause, activeTime > TimeSpan.Zero ? _session?.LastMessageAt : null);
            await Task.Delay(pause, _services.Time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (_lock)
        {
            _ending = null;
        }

        State = ConnectionState.Ended;
    }

    private async Task<(SessionEnd End, TimeSpan Active)> RunSessionAsync(CancellationToken ending)
    {
        State = ConnectionState.Connecting;
        var time = _services.Time;
        try
        {
            // The key is sent as soon as the server sends its greeting, so its permit is acquired before connecting.
            await _services.Budget.TakeAsync(ending);
        }
        catch (OperationCanceledException)
        {
            return (new SessionEnd(SessionEndReason.Stopped, "stopped"), TimeSpan.Zero);
        }

        using var endSession = CancellationTokenSource.CreateLinkedTokenSource(ending);
        lock (_lock)
        {
            (_endSession, _replacement) = (endSession, null);
        }

        var address = new Uri($"{_options().WebSocketEndpoint.AbsoluteUri.TrimEnd('/')}/{Market.Path()}");
        var protocol = new SessionProtocol(Market, Label, Book, _services.ApiKey, _services.Timings, time, _services.Logger)
        {
            OnSubscribed = channel => _owner.OnSubscribed(this, channel),
            OnTakenBack = channel => _owner.OnTakenBack(this, channel),
        };
        var authenticatedAt = 0L;
        var session = new PolygonSession(
            Market, Label, address, protocol, _services.Frames, _services.Budget, _signal, _services.Timings, _services.Metrics, time,
            _services.Logger)
        {
            OnAuthenticated = () =>
            {
                authenticatedAt = time.GetTimestamp();
                State = ConnectionState.Open;
                _outage.End(address.Authority);
            },
        };
        _session = session;
        var end = await session.RunAsync(endSession.Token);
        lock (_lock)
        {
            _endSession = null;
            end = _replacement is { } replacement && !ending.IsCancellationRequested ? replacement : end;
        }

        if (!protocol.IsAuthenticated)
        {
            return (end, TimeSpan.Zero);
        }

        State = ConnectionState.Waiting;
        _owner.OnLost(this, Book.End(), session.LastMessageMs, end);
        var activeTime = time.GetElapsedTime(authenticatedAt);
        return (end, activeTime > TimeSpan.Zero ? activeTime : TimeSpan.FromTicks(1));
    }
}
