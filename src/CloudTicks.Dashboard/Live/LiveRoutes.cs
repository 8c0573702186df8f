using CloudTicks.Dashboard.Streams;
using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Live;

/// <summary><c>GET /api/page/live/{symbol}</c>: the live ticks of a symbol.</summary>
internal static class LiveRoutes
{
    private const string EventName = "ticks";

    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(200);

    public static void MapLive(this IEndpointRouteBuilder app) => app.MapGet(
        "/api/page/live/{symbol}", async (string symbol, HttpContext context, StreamServer streams, LiveTicks live, TimeProvider time) =>
        {
            if (!Symbol.TryParse(symbol, out var parsedSymbol))
            {
                await Results.Problem(
                    Symbol.HintFor(symbol), title: "There is no such symbol.", statusCode: StatusCodes.Status400BadRequest)
                        .ExecuteAsync(context);
                return;
            }

            await streams.ServeAsync(context, (events, end) => SendAsync(parsedSymbol, events, live, time, end));
        });

    private static async Task SendAsync(Symbol symbol, ServerSentEvents events, LiveTicks live, TimeProvider time, CancellationToken end)
    {
        var window = new LiveWindow();
        live.Add(symbol, window);
        try
        {
            // Send the first event immediately: it confirms the stream, even for a symbol without ticks.
            await events.SendAsync(EventName, window.WriteFrame(), null, end);
            while (true)
            {
                await events.UntilAsync(window.TickArrived, time, end);
                await events.SendAsync(EventName, window.WriteFrame(), null, end);
                await Task.Delay(FrameInterval, time, end);
            }
        }
        finally
        {
            live.Remove(symbol, window);
        }
    }
}
