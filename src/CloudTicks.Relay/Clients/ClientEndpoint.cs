using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Clients;

/// <summary>Accepts the WebSockets of <c>/stocks</c>, <c>/options</c>, <c>/forex</c> and <c>/crypto</c>.</summary>
internal sealed class ClientEndpoint(ClientParts parts, IHostApplicationLifetime lifetime)
{
    public async Task ServeAsync(HttpContext context, Market market)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            await context.Response.WriteAsync("This is a WebSocket.\n", context.RequestAborted);
            return;
        }

        if (!parts.Sessions.TryEnter())
        {
            Log.TooManyClients(parts.Logger, parts.Options.MaxClients);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        parts.Metrics.Connected(market);
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            using var feed = new FeedSocket(socket, context.Abort, WrappedUpgrade<FrameStream>.StreamOf(context));
            await ServeAsync(context, market, feed);
        }
        finally
        {
            parts.Metrics.Disconnected(market);
            parts.Sessions.Leave();
        }
    }

    private async Task ServeAsync(HttpContext context, Market market, FeedSocket feed)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await using var session = new ClientSession(market, context, feed, parts);
        parts.Sessions.Add(session);
        Log.Connected(parts.Logger, session.Id, market, session.Remote);
        try
        {
            await session.RunAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The client disconnected, or the relay is stopping.
        }
        finally
        {
            parts.Sessions.Remove(session);
            Log.Disconnected(parts.Logger, session.Id, session.Caller, market, session.SentEvents);
        }
    }
}
