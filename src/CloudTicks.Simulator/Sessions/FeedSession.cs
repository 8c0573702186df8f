using System.Net.WebSockets;
using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Faults;
using CloudTicks.Ticks;
using ServiceDefaults.Access;

namespace CloudTicks.Simulator.Sessions;

/// <summary>One WebSocket of a client: its own loop reads what the client asks, the sender writes ticks.</summary>
internal sealed class FeedSession : ISubscriber, IDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    private readonly FeedSocket _socket;
    private readonly SessionParts _parts;
    private readonly Subscriptions _subscriptions;
    private readonly PendingStatuses _pending;
    private readonly FrameSender _frames;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving = new();
    private TaskCompletionSource? _saidTooMany;
    private volatile bool _authenticated;

    public FeedSession(long id, Market market, FeedSocket socket, SessionParts parts)
    {
        Id = id;
        Market = market;
        _socket = socket;
        _parts = parts;
        _subscriptions = new Subscriptions(this, parts.Channels, parts.Faults, parts.Options.MaxContracts);
        _pending = new PendingStatuses(parts.Time);
        _frames = new FrameSender(this, socket, parts);
    }

    public long Id { get; }

    public Market Market { get; }

    public FaultTarget Target => new(Market, Id);

    public bool IsAuthenticated => _authenticated;

    public int Channels => _subscriptions.Count;

    public long WaitingBytes => _frames.WaitingBytes;

    /// <summary>The events for this session that are not sent yet; the sender's alone.</summary>
    public FrameBuffer Frame { get; } = new();

    /// <summary>Whether the last frame was handed to the socket; the sender's alone.</summary>
    public bool LastFrameSent => _frames.LastSent;

    /// <summary>Serves the client until it goes, or is sent away. Nobody sends a close frame then, as on the real feed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var authenticating = new CancellationTokenSource(_parts.Options.AuthTimeout, _parts.Time);
        using var standing = CancellationTokenSource.CreateLinkedTokenSource(stopping, _leaving.Token);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(standing.Token, authenticating.Token);
        try
        {
            if (!await StandsAsync("connect", stopping))
                return;
            await SendStatusAsync([StatusMessage.Connected], stopping);
            // A wait that is cancelled ends the socket, and an end must still be said; so the wait is left and not cancelled.
            while (await _socket.ReceiveAsync(stopping).WaitAsync(_authenticated ? standing.Token : reading.Token) is { } message)
            {
                if (!await AnswerAsync(ClientMessage.Read(message.Span), stopping))
                    return;
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // Evicted, and told so.
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await SendStatusAsync([StatusMessage.AuthTimeout], stopping);
        }
        finally
        {
            _parts.Channels.Remove(this);
            _ended.TrySetResult();
            await _frames.DisposeAsync();
        }
    }

    /// <summary>Hands the frame to the socket, waiting while the reader is slower than we are.</summary>
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

    /// <summary>Takes up the state that the faults of the moment want.</summary>
    public void TakeState() => _socket.SetDead(_parts.Faults.Holding(FaultCatalog.Dead, Target) is not null);

    public void Drop()
    {
        _parts.Channels.Remove(this);
        _socket.Abort();
    }

    /// <summary>Says that there are too many connections, and ends this one.</summary>
    /// <param name="how">By a close frame, or without one.</param>
    public async Task EvictAsync(string how, CancellationToken cancellationToken)
    {
        try
        {
            await SayTooManyAsync(how, cancellationToken);
            if (how != "close")
                await _leaving.CancelAsync();
            await _ended.Task.WaitAsync(ClosePatience, _parts.Time, cancellationToken);
        }
        catch (Exception exception) when (
            exception is TimeoutException or WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It went by itself, or does not answer.
            _socket.Abort();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _leaving.Dispose();
    }

    private async Task<bool> AnswerAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        switch (message.Action)
        {
            case "auth":
                return await AuthenticateAsync(message.Parameters, cancellationToken);
            case "subscribe" or "unsubscribe" when !_authenticated:
                await SendStatusAsync([StatusMessage.NotAuthorized], cancellationToken);
                return true;
            case "subscribe":
                await AcknowledgeAsync(_subscriptions.Subscribe(message.Parameters), cancellationToken);
                return await StandsAsync("acks", cancellationToken);
            case "unsubscribe":
                await AcknowledgeAsync(_subscriptions.Unsubscribe(message.Parameters), cancellationToken);
                return true;
            default:
                await SendStatusAsync([StatusMessage.NotUnderstood], cancellationToken);
                return true;
        }
    }

    private async Task<bool> AuthenticateAsync(string key, CancellationToken cancellationToken)
    {
        if (_parts.Faults.Strike(FaultCatalog.AuthFailure, Target) is { } failure)
        {
            await SendStatusAsync(
                [failure.Word(FaultCatalog.Reason) == "key" ? StatusMessage.AuthFailed : StatusMessage.PlanFailed], cancellationToken);
            return false;
        }

        _authenticated = IsKey(key);
        await SendStatusAsync([_authenticated ? StatusMessage.Authenticated : StatusMessage.AuthFailed], cancellationToken);
        return _authenticated && await StandsAsync("auth", cancellationToken);
    }

    private bool IsKey(string given) => _parts.Options.ApiKey is var key && (key.Length == 0 || SecretText.AreEqual(given, key));

    /// <summary>Whether the session goes on behind one of its steps.</summary>
    private async Task<bool> StandsAsync(string step, CancellationToken cancellationToken)
    {
        if (_parts.Faults.IsQuiet)
            return true;
        if (_parts.Faults.Strike(FaultCatalog.Drop, Target, step) is not null)
            return false;
        if (_parts.Faults.Strike(FaultCatalog.Evict, Target, step) is { } eviction)
            return await LeaveAsync(eviction.Word(FaultCatalog.How), cancellationToken);
        foreach (var (session, how) in _parts.Sessions.BeyondLimit(Market, step))
        {
            if (session == this)
                return await LeaveAsync(how, cancellationToken);
            await session.EvictAsync(how, cancellationToken);
        }

        return true;
    }

    /// <summary>Evicts the session from within its own loop, which alone can read the client's goodbye.</summary>
    private async Task<bool> LeaveAsync(string how, CancellationToken cancellationToken)
    {
        try
        {
            await SayTooManyAsync(how, cancellationToken);
            while (how == "close"
                && await _socket.ReceiveAsync(cancellationToken).WaitAsync(ClosePatience, _parts.Time, cancellationToken) is not null)
            {
                // What the client said before it knew.
            }
        }
        catch (Exception exception) when (exception is TimeoutException or WebSocketException)
        {
            // It went by itself, or does not answer.
        }

        return false;
    }

    private async Task SayTooManyAsync(string how, CancellationToken cancellationToken)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _saidTooMany, said, null) is { } before)
        {
            // Two sessions that come at once evict the same one. A second close frame would fail, and abort what is being sent.
            await before.Task.WaitAsync(cancellationToken);
            return;
        }

        try
        {
            _parts.Channels.Remove(this);
            await SendStatusAsync([StatusMessage.MaxConnections], cancellationToken);
            if (how == "close")
                await _socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, cancellationToken);
        }
        finally
        {
            said.SetResult();
        }
    }

    private async Task AcknowledgeAsync(List<StatusMessage> messages, CancellationToken cancellationToken)
    {
        var isMixed = _parts.Faults.Holding(FaultCatalog.Mixed, Target) is not null;
        if (!isMixed || !await _pending.WaitAsync(messages, cancellationToken))
            await SendStatusAsync(messages, cancellationToken);
    }

    private async Task SendStatusAsync(List<StatusMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return;
        try
        {
            await _socket.SendAsync(StatusMessage.Frame(messages), cancellationToken);
        }
        catch (WebSocketException)
        {
            // The client has gone, which the next read finds.
        }
    }
}
