using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>One client's session: greets the client, waits for its key and responds to its messages. The server sends the events.</summary>
/// <param name="maxContracts">Maximum option contracts with quotes; null for no limit.</param>
internal sealed class SessionLoop(
    FeedSocket socket, Market market, ISessionServer server, TimeSpan authTimeout, int? maxContracts, TimeProvider time)
{
    private readonly SessionSubscriptions _subscriptions = new(market, server, maxContracts);
    private volatile bool _isAuthenticated;

    public bool IsAuthenticated => _isAuthenticated;

    /// <summary>The number of the client's channels, including those without ticks.</summary>
    public int Channels => _subscriptions.Count;

    /// <summary>The names of the client's channels, unordered.</summary>
    public IReadOnlyList<string> ChannelNames(int max) => _subscriptions.Names(max);

    /// <summary>
    /// Serves the client until it disconnects or the server ends the session. Like the real feed, the server sends no close frame.
    /// </summary>
    /// <param name="leaving">Cancelled to end the session after the server has sent the reason.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken leaving)
    {
        using var authExpiry = new CancellationTokenSource(authTimeout, time);
        using var sessionEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping, leaving);
        using var readEnd = CancellationTokenSource.CreateLinkedTokenSource(sessionEnd.Token, authExpiry.Token);
        try
        {
            if (!await server.ShouldContinueAsync(SessionStep.Connected, stopping))
                return;
            await server.SendAsync([StatusMessage.Connected], stopping);
            // Cancels only the wait for the read: cancelling the read itself would abort the socket, and a status must still be sent.
            while (await socket.ReceiveAsync(stopping).WaitAsync(_isAuthenticated ? sessionEnd.Token : readEnd.Token) is { } message)
            {
                if (!await RespondAsync(ClientMessage.Read(message.Span), stopping))
                    return;
            }
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The server ended the session and has sent the reason.
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await server.SendAsync([StatusMessage.AuthTimeout], stopping);
        }
    }

    private async Task<bool> RespondAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        switch (message.Action)
        {
            case "auth":
                return await AuthenticateAsync(message.Parameters, cancellationToken);
            case "subscribe" or "unsubscribe" when !_isAuthenticated:
                await server.SendAsync([StatusMessage.NotAuthorized], cancellationToken);
                return true;
            case "subscribe":
                await server.AcknowledgeAsync(
                    await _subscriptions.SubscribeAsync(message, cancellationToken), cancellationToken);
                return await server.ShouldContinueAsync(SessionStep.Acknowledged, cancellationToken);
            case "unsubscribe":
                await server.AcknowledgeAsync(_subscriptions.Unsubscribe(message), cancellationToken);
                return true;
            default:
                await server.SendAsync([StatusMessage.NotUnderstood], cancellationToken);
                return true;
        }
    }

    private async Task<bool> AuthenticateAsync(string key, CancellationToken cancellationToken)
    {
        var status = await server.AuthenticateAsync(key, cancellationToken);
        _isAuthenticated = status == StatusMessage.Authenticated;
        await server.SendAsync([status], cancellationToken);
        return _isAuthenticated && await server.ShouldContinueAsync(SessionStep.Authenticated, cancellationToken);
    }
}
