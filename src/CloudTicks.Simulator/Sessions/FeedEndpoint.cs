using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Sessions;

/// <summary>
/// Accepts the WebSockets of <c>/forex</c>, <c>/stocks</c>, <c>/options</c> and <c>/crypto</c>; other paths get 404.
/// </summary>
internal sealed class FeedEndpoint(
    SessionParts parts, SimulatorMetrics metrics, IHostApplicationLifetime lifetime, ILogger<FeedEndpoint> logger)
{
    public static readonly IReadOnlyDictionary<string, Market> Markets = new Dictionary<string, Market>
    {
        ["forex"] = Market.Forex,
        ["stocks"] = Market.Stock,
        ["options"] = Market.Option,
        ["crypto"] = Market.Crypto,
    };

    public async Task ServeAsync(HttpContext context, Market market)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            await context.Response.WriteAsync("This is a WebSocket.\n", context.RequestAborted);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var transport = WrappedUpgrade<GatedStream>.StreamOf(context);
        using var session = new FeedSession(
            parts.Sessions.NextId(), market, new FeedSocket(socket, context.Abort), transport, parts);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        metrics.SessionOpened();
        Log.SessionBegun(logger, market);
        parts.Sessions.Add(session);
        try
        {
            await session.RunAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The client disconnected, or the simulator is stopping.
        }
        finally
        {
            parts.Sessions.Remove(session);
            metrics.SessionClosed();
            Log.SessionEnded(logger, market);
        }
    }
}
