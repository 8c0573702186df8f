using System.Net.WebSockets;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Sending;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Sessions;

/// <summary>One WebSocket of a client: its own loop reads what the client asks, the sender writes ticks.</summary>
internal sealed class FeedSession(WebSocket socket, Market market, SimulatorOptions options, ChannelDirectory channels, TimeProvider time, ILogger logger)
    : IDisposable
{
    private const int MaxMessageBytes = 1_000_000;

    // A socket takes one message at a time; acknowledgements come between the sender's frames.
    private readonly SemaphoreSlim _sending = new(1);
    private readonly byte[] _received = new byte[64 * 1024];
    private bool _authenticated;

    /// <summary>The events for this session that are not sent yet; the sender's alone.</summary>
    public FrameBuffer Frame { get; } = new();

    /// <summary>Whether the last frame was handed to the socket; the sender's alone.</summary>
    public bool LastFrameSent { get; private set; }

    /// <summary>Serves the client until it goes, or is sent away. Nobody sends a close frame then, as on the real feed.</summary>
    /// <param name="stopping">Ends the session.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var authenticating = new CancellationTokenSource(options.AuthTimeout, time);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stopping, authenticating.Token);
        try
        {
            await SendStatusAsync([StatusMessage.Connected], stopping);
            // A wait that is cancelled ends the socket, and an end must still be said; so the wait is left and not cancelled.
            while (await ReadAsync(stopping).WaitAsync(_authenticated ? stopping : reading.Token) is { } message)
            {
                if (!await AnswerAsync(message, stopping))
                    return;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await SendStatusAsync([StatusMessage.AuthTimeout], stopping);
        }
        finally
        {
            channels.Remove(this);
        }
    }

    /// <summary>Hands the frame to the socket, waiting while the reader is slower than we are.</summary>
    public async ValueTask SendFrameAsync(CancellationToken cancellationToken)
    {
        LastFrameSent = false;
        try
        {
            await SendAsync(Frame.Close(), cancellationToken);
            LastFrameSent = true;
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or ObjectDisposedException)
        {
            // The client has gone; its own loop ends the session. Ticks that come while a client says goodbye are no news.
            if (socket.State is not (WebSocketState.Closed or WebSocketState.CloseSent))
            {
                Log.FrameNotSent(logger, market, exception.Message);
            }

            channels.Remove(this);
        }
        finally
        {
            Frame.Clear();
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task<bool> AnswerAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        switch (message.Action)
        {
            case "auth":
                _authenticated = options.ApiKey.Length == 0 || options.ApiKey == message.Parameters;
                await SendStatusAsync([_authenticated ? StatusMessage.Authenticated : StatusMessage.AuthFailed], cancellationToken);
                return _authenticated;
            case "subscribe" or "unsubscribe" when !_authenticated:
                await SendStatusAsync([StatusMessage.NotAuthorized], cancellationToken);
                return true;
            case "subscribe":
                await SendStatusAsync(Change(message.Parameters, Subscribe, StatusMessage.Subscribed), cancellationToken);
                return true;
            case "unsubscribe":
                await SendStatusAsync(Change(message.Parameters, Unsubscribe, StatusMessage.Unsubscribed), cancellationToken);
                return true;
            default:
                await SendStatusAsync([StatusMessage.NotUnderstood], cancellationToken);
                return true;
        }
    }

    private List<StatusMessage> Change(string names, Action<ChannelName> change, Func<string, StatusMessage> acknowledge)
    {
        var acknowledged = new List<StatusMessage>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!ChannelName.TryParse(market, name, out var channel))
                continue;
            acknowledged.Add(acknowledge(name));
            change(channel);
        }

        return acknowledged;
    }

    private void Subscribe(ChannelName channel)
    {
        if (channel.Kind is not { } kind)
            return;
        if (channel.Symbol == ChannelName.Wildcard)
            channels.SubscribeAll(this, market, kind);
        else if (channel.TryGetSymbol(market, out var symbol))
            channels.Subscribe(this, symbol, kind);
    }

    private void Unsubscribe(ChannelName channel)
    {
        if (channel.Kind is not { } kind)
            return;
        if (channel.Symbol == ChannelName.Wildcard)
            channels.UnsubscribeAll(this, market, kind);
        else if (channel.TryGetSymbol(market, out var symbol))
            channels.Unsubscribe(this, symbol, kind);
    }

    /// <summary>The next message; null when the client has gone.</summary>
    private async Task<ClientMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        try
        {
            while (message.Length <= MaxMessageBytes)
            {
                var result = await socket.ReceiveAsync(_received.AsMemory(), cancellationToken);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    await CloseAsync(WebSocketCloseStatus.NormalClosure, cancellationToken);
                    return null;
                }

                message.Write(_received, 0, result.Count);
                if (result.EndOfMessage)
                    return ClientMessage.Read(message.GetBuffer().AsSpan(0, (int)message.Length));
            }

            await CloseAsync(WebSocketCloseStatus.MessageTooBig, cancellationToken);
        }
        catch (WebSocketException)
        {
            // The connection broke.
        }

        return null;
    }

    private async Task CloseAsync(WebSocketCloseStatus status, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.CloseOutputAsync(status, null, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task SendStatusAsync(List<StatusMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return;
        try
        {
            await SendAsync(StatusMessage.Frame(messages), cancellationToken);
        }
        catch (WebSocketException)
        {
            // The client has gone, which the next read finds.
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Text, true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }
}
