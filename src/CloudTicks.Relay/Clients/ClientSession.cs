using System.Globalization;
using System.Net.WebSockets;
using CloudTicks.CentralHub.Access;
using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Relay.Archive;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// A client's session. One loop reads the client's messages, another one (the sender) writes events and statuses to the client.
/// </summary>
internal sealed class ClientSession : ISessionServer, IEventSubscriber, IAsyncDisposable
{
    /// <summary>The time after which a waiting client receives a status that says why its subscription is not acknowledged yet.</summary>
    private static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpContext _context;
    private readonly FeedSocket _socket;
    private readonly ClientParts _parts;
    private readonly ClientSender _sender;
    private readonly SessionLoop _loop;
    private readonly SessionCatchUp _catchUp;
    private readonly CancellationTokenSource _leaving = new();
    private long? _sinceMs;
    private bool _isSinceShared;
    private bool _isLiveRequested;
    private int _isRevoked;

    public ClientSession(Market market, HttpContext context, FeedSocket socket, ClientParts parts)
    {
        Id = parts.Sessions.NextId();
        Market = market;
        _context = context;
        _socket = socket;
        _parts = parts;
        ConnectedAt = parts.Time.GetUtcNow();
        _sender = new ClientSender(this, socket, parts);
        _loop = new SessionLoop(socket, market, this, parts.Options.AuthTimeout, maxContracts: null, parts.Time);
        _catchUp = new SessionCatchUp(this, parts);
    }

    public long Id { get; }

    public Market Market { get; }

    public DateTimeOffset ConnectedAt { get; }

    public string Remote => $"{_context.Connection.RemoteIpAddress}:{_context.Connection.RemotePort}";

    /// <summary>The name of the key; empty before authentication.</summary>
    public string Caller { get; private set; } = "";

    /// <summary>The role of the key.</summary>
    public AccessRole Role { get; private set; }

    /// <summary>The client's key of the central hub, kept to check whether it was revoked; null for a client without a key.</summary>
    public string? Key { get; private set; }

    /// <summary>Whether the session counts towards the connection limit of its key; set only by <see cref="ClientSessions"/>.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>The number of subscribed channels, including those without ticks.</summary>
    public int Channels => _loop.Channels;

    public long SentEvents => _sender.SentEvents;

    public long SentBytes => _sender.SentBytes;

    public (long Bytes, long Events, TimeSpan Age) Waiting => _sender.Waiting;

    /// <summary>The names of the first subscribed channels.</summary>
    public IReadOnlyList<string> ChannelNames(int max) => _loop.ChannelNames(max);

    /// <summary>Serves the client until it disconnects or is disconnected.</summary>
    public Task RunAsync(CancellationToken stopping) => _loop.RunAsync(stopping, _leaving.Token);

    public void Receive(ReadOnlySpan<byte> events, int count) => _sender.Receive(events, count);

    public ValueTask ReceiveHistoryAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken) =>
        _sender.ReceiveHistoryAsync(events, count, cancellationToken);

    public void Warn(string message) => Receive(new StatusMessage("error", message).ToJson(), 0);

    public async ValueTask<StatusMessage> AuthenticateAsync(string key, CancellationToken cancellationToken)
    {
        var lookup = await _parts.Keys.FindAsync(_context.Request, key, cancellationToken);
        if (lookup.Caller is not { } caller)
        {
            var reason = lookup.LookupFailure is null ? "key" : "hub";
            _parts.Refusals.Count(_context.Request, reason, lookup.LookupFailure ?? "A client sent no valid key of the central hub.");
            // A client whose key could not be checked should retry, but clients do not retry after auth_failed.
            return lookup.LookupFailure is { } unanswered ? new StatusMessage("error", unanswered) : StatusMessage.AuthFailed;
        }

        (Caller, Role) = (caller.Name, caller.Role);
        Key = ReferenceEquals(caller, ClientKeys.Local) ? null : key;
        // Count the session before its client learns that the key is valid, so that a client that connects afterwards finds it counted.
        _ = _parts.Sessions.TryAdmit(this);
        return StatusMessage.Authenticated;
    }

    public async ValueTask<bool> ShouldContinueAsync(SessionStep step, CancellationToken cancellationToken)
    {
        if (step == SessionStep.Acknowledged)
            _catchUp.Start();
        if (step != SessionStep.Authenticated || IsAdmitted)
            return true;
        Log.TooManyConnections(_parts.Logger, Caller, _parts.Options.MaxConnectionsPerKey);
        await SendAsync([StatusMessage.MaxConnections], cancellationToken);
        await _sender.EndAsync();
        try
        {
            await _socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, cancellationToken);
            await _socket.DrainAsync(CloseTimeout, _parts.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or WebSocketException or ObjectDisposedException)
        {
            // The client disconnected, or does not answer.
        }

        return false;
    }

    public async ValueTask RefuseAsync(
        ClientMessage message, List<RequestedChannel> requested, IReadOnlyCollection<string> held, List<StatusMessage> statuses,
        CancellationToken cancellationToken)
    {
        if (!_parts.Rates.TryAcquire(Caller))
        {
            statuses.Add(new StatusMessage("error", $"too many requests: the limit is {_parts.Options.RequestsPerSecond} per second"));
            requested.Clear();
            return;
        }

        (_sinceMs, var problem) = ReadSince(message);
        if (problem is not null)
        {
            statuses.Add(new StatusMessage("error", problem));
            requested.Clear();
            return;
        }

        _isSinceShared = requested.Count > 1 || message.Since.Length == 0;
        await _parts.Grants.ApplyAsync(this, requested, HasRoomFor(requested, held), statuses, cancellationToken);
        if (HasRoomFor(requested, held))
            return;
        statuses.AddRange(requested.Select(channel => StatusMessage.LimitReached(channel.Name)));
        requested.Clear();
    }

    public void Subscribe(RequestedChannel channel)
    {
        if (SelectorOf(channel.Channel) is not { } selector)
            return;
        if (_sinceMs is { } sinceMs)
        {
            _catchUp.Add(channel.Name, new SinceChannel(selector, sinceMs, _isSinceShared));
            return;
        }

        _catchUp.Remove(selector);
        _parts.Channels.Subscribe(this, selector);
        _isLiveRequested = true;
    }

    public void Unsubscribe(ChannelName channel)
    {
        if (SelectorOf(channel) is not { } selector)
            return;
        _catchUp.Remove(selector);
        if (selector.Symbol is { } symbol)
            _parts.Channels.Unsubscribe(this, symbol, selector.Kind);
        else
            _parts.Channels.UnsubscribeAll(this, selector.Market, selector.Kind);
    }

    /// <summary>Sends statuses through the events' buffer, so that both arrive in order.</summary>
    public ValueTask SendAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
            _sender.Send(message.ToJson());
        return ValueTask.CompletedTask;
    }

    /// <summary>Acknowledges live subscriptions when the tail's positions are set, so that no tick archived later is missed.</summary>
    public async ValueTask AcknowledgeAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken)
    {
        var readiness = _parts.Readiness.Reached;
        if (_isLiveRequested && !readiness.IsCompleted)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _leaving.Token);
            await WaitUntilReadyAsync(readiness, ending.Token);
        }

        _isLiveRequested = false;
        await SendAsync(messages, cancellationToken);
    }

    /// <summary>Ends the session because its key was revoked: sends the status for a wrong key, and no close frame.</summary>
    public void Revoke()
    {
        if (Interlocked.Exchange(ref _isRevoked, 1) != 0)
            return;
        _parts.Metrics.Revoked();
        Log.Revoked(_parts.Logger, Id, Caller, Market);
        _sender.Send(StatusMessage.AuthFailed.ToJson());
        _sender.End();
        _leaving.Cancel();
    }

    /// <summary>Disconnects the client because the shared buffers are full and it has the largest backlog.</summary>
    public void DropForLargestBacklog() => _sender.DropForLargestBacklog();

    /// <summary>Ends the client's catch-ups and subscriptions, and sends the buffered messages.</summary>
    public async ValueTask DisposeAsync()
    {
        await _catchUp.DisposeAsync();
        _parts.Channels.Remove(this);
        await _sender.EndAsync();
    }

    private async Task WaitUntilReadyAsync(Task readiness, CancellationToken cancellationToken)
    {
        try
        {
            await readiness.WaitAsync(OpeningTimeout, _parts.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            var problem = _parts.Outage.Problem ?? "the event hub does not answer";
            await SendAsync(
                [
                    new StatusMessage(
                        "error", $"not subscribed yet: the subscription will be acknowledged when the archive can be read: {problem}"),
                ],
                cancellationToken);
            await readiness.WaitAsync(cancellationToken);
        }
    }

    private bool HasRoomFor(List<RequestedChannel> requested, IReadOnlyCollection<string> held) =>
        _parts.Sessions.HasRoomFor(Caller, requested.Select(channel => channel.Name).Distinct().Except(held).Count());

    private ChannelSelector? SelectorOf(ChannelName channel) => channel.Kind is not { } kind ? null
        : channel.IsWildcard ? new ChannelSelector(Market, kind, null)
        : channel.TryGetSymbol(Market, out var symbol) ? ChannelSelector.Of(symbol, kind) : null;

    /// <summary>
    /// Reads the start time from the message or, if it has none, from the URL, whose time applies to every subscription of the connection.
    /// </summary>
    private (long? SinceMs, string? Problem) ReadSince(ClientMessage message)
    {
        var text = message.Since.Length > 0 ? message.Since : _context.Request.Query["since"].ToString();
        if (text.Length == 0)
            return (null, null);
        var sinceMs = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return (sinceMs, SinceTime.Refusal(sinceMs, _parts.Time.GetUtcNow()));
    }
}
