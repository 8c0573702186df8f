using System.Net.WebSockets;
using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Faults;
using CloudTicks.Ticks;
using ServiceDefaults.Access;

namespace CloudTicks.Simulator.Sessions;

/// <summary>One WebSocket session. Its own loop reads the client's requests, and the sender writes ticks.</summary>
internal sealed class FeedSession : ISubscriber, ISessionServer, IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly FeedSocket _socket;
    private readonly GatedStream? _transport;
    private readonly SessionParts _parts;
    private readonly SessionLoop _loop;
    private readonly PendingStatuses _pending;
    private readonly FrameSender _frames;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving = new();
    private TaskCompletionSource? _maxConnectionsSent;

    public FeedSession(long id, Market market, FeedSocket socket, GatedStream? transport, SessionParts parts)
    {
        Id = id;
        Market = market;
        _socket = socket;
        _transport = transport;
        _parts = parts;
        _loop = new SessionLoop(socket, market, this, parts.Options.AuthTimeout, parts.Options.MaxContracts, parts.Time);
        _pending = new PendingStatuses(parts.Time);
        _frames = new FrameSender(this, socket, transport, parts);
    }

    public long Id { get; }

    public Market Market { get; }

    public FaultTarget Target => new(Market, Id);

    public bool IsAuthenticated => _loop.IsAuthenticated;

    public int Channels => _loop.Channels;

    public long WaitingBytes => _frames.WaitingBytes;

    /// <summary>The unsent events of this session; used only by the sender.</summary>
    public FrameBuffer Frame { get; } = new();

    /// <summary>Whether the last frame was written to the socket; used only by the sender.</summary>
    public bool WasLastFrameSent => _frames.HasSentLastFrame;

    /// <summary>Serves the client until it disconnects or is disconnected.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await _loop.RunAsync(stopping, _leaving.Token);
        }
        finally
        {
            _parts.Channels.Remove(this);
            _ended.TrySetResult();
            await _frames.DisposeAsync();
        }
    }

    /// <summary>Writes the frame to the socket, waiting for a slow reader.</summary>
    public async ValueTask SendFrameAsync(CancellationToken cancellationToken)
    {
        try
        {
            _pending.MoveTo(Frame);
            await _frames.SendAsync(Frame.Close(), cancellationToken);
        }
        finally
        {
            Frame.Clear();
        }
    }

    /// <summary>Shuts or reopens the transport, as the fault 'dead' requires. Other faults are looked up when something is sent.</summary>
    public void ApplyState()
    {
        if (_transport is not null)
            _transport.IsShut = _parts.Faults.FindAffecting(FaultCatalog.Dead, Target) is not null;
    }

    public void Drop()
    {
        _parts.Channels.Remove(this);
        _socket.Abort();
    }

    /// <summary>Sends the status for too many connections, and ends this session.</summary>
    /// <param name="how">How the session ends: with a close frame, or without one.</param>
    public async Task EvictAsync(string how, CancellationToken cancellationToken)
    {
        try
        {
            await SendMaxConnectionsAsync(how, cancellationToken);
            if (how != "close")
                await _leaving.CancelAsync();
            await _ended.Task.WaitAsync(CloseTimeout, _parts.Time, cancellationToken);
        }
        catch (Exception exception) when (
            exception is TimeoutException or WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client disconnected, or does not answer.
            _socket.Abort();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _leaving.Dispose();
    }

    public ValueTask<StatusMessage> AuthenticateAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_parts.Faults.Strike(FaultCatalog.AuthFailure, Target) is { } failure
            ? failure.Word(FaultCatalog.Reason) == "key" ? StatusMessage.AuthFailed : StatusMessage.PlanFailed
            : IsKey(key) ? StatusMessage.Authenticated : StatusMessage.AuthFailed);

    public async ValueTask<bool> ShouldContinueAsync(SessionStep step, CancellationToken cancellationToken)
    {
        if (_parts.Faults.HasNoFaults)
            return true;
        var when = step switch
        {
            SessionStep.Connected => "connect",
            SessionStep.Authenticated => "auth",
            _ => "acks",
        };
        if (_parts.Faults.Strike(FaultCatalog.Drop, Target, when) is not null)
            return false;
        if (_parts.Faults.Strike(FaultCatalog.Evict, Target, when) is { } eviction)
            return await LeaveAsync(eviction.Word(FaultCatalog.How), cancellationToken);
        foreach (var (session, how) in _parts.Sessions.AboveLimit(Market, when))
        {
            if (session == this)
                return await LeaveAsync(how, cancellationToken);
            await session.EvictAsync(how, cancellationToken);
        }

        return true;
    }

    public ValueTask RefuseAsync(
        ClientMessage message, List<RequestedChannel> requested, IReadOnlyCollection<string> held, List<StatusMessage> statuses,
        CancellationToken cancellationToken)
    {
        if (!_parts.Faults.HasNoFaults)
            SubscriptionFaults.Strike(_parts.Faults, Target, requested, held, statuses);
        return ValueTask.CompletedTask;
    }

    public void Subscribe(RequestedChannel channel)
    {
        if (channel.Channel is { IsWildcard: true, Kind: { } kind })
            _parts.Source.AddListed(Market, kind);
        Apply(channel.Channel, _parts.Channels.Subscribe, _parts.Channels.SubscribeAll);
    }

    public void Unsubscribe(ChannelName channel) => Apply(channel, _parts.Channels.Unsubscribe, _parts.Channels.UnsubscribeAll);

    public async ValueTask AcknowledgeAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken)
    {
        var isMixed = _parts.Faults.FindAffecting(FaultCatalog.Mixed, Target) is not null;
        if (!isMixed || !await _pending.WaitAsync(messages, cancellationToken))
            await SendAsync(messages, cancellationToken);
    }

    public async ValueTask SendAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return;
        try
        {
            await _socket.SendAsync(StatusMessage.Frame(messages), cancellationToken);
        }
        catch (WebSocketException)
        {
            // The client disconnected, which the next read will detect.
        }
    }

    private bool IsKey(string sentKey) => _parts.Options.ApiKey is var key && (key.Length == 0 || SecretText.AreEqual(sentKey, key));

    private void Apply(ChannelName channel, Action<FeedSession, Symbol, TickKind> one, Action<FeedSession, Market, TickKind> all)
    {
        if (channel.Kind is not { } kind)
            return;
        if (channel.IsWildcard)
            all(this, Market, kind);
        else if (channel.TryGetSymbol(Market, out var symbol))
            one(this, symbol, kind);
    }

    /// <summary>Ends the session from its own loop, because only that loop can read the client's close frame.</summary>
    private async Task<bool> LeaveAsync(string how, CancellationToken cancellationToken)
    {
        try
        {
            await SendMaxConnectionsAsync(how, cancellationToken);
            if (how == "close")
                await _socket.DrainAsync(CloseTimeout, _parts.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or WebSocketException)
        {
            // The client disconnected, or does not answer.
        }

        return false;
    }

    private async Task SendMaxConnectionsAsync(string how, CancellationToken cancellationToken)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _maxConnectionsSent, sent, null) is { } before)
        {
            // Two sessions that connect at the same time may evict the same session. A second close frame would abort the current write.
            await before.Task.WaitAsync(cancellationToken);
            return;
        }

        try
        {
            _parts.Channels.Remove(this);
            await SendAsync([StatusMessage.MaxConnections], cancellationToken);
            if (how == "close")
                await _socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, cancellationToken);
        }
        finally
        {
            sent.SetResult();
        }
    }
}
