using CloudTicks.Dashboard.Streams;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary><c>GET /api/page/pipeline</c>: a snapshot every second, or a single one with <c>?once=true</c>.</summary>
internal static class PipelineRoutes
{
    public static void MapPipeline(this IEndpointRouteBuilder app) => app.MapGet(
        "/api/page/pipeline", async (HttpContext context, PipelineWatch watch, StreamServer streams, TimeProvider time) =>
        {
            if (context.Request.Query["once"] == "true")
            {
                await SendOneAsync(context, watch);
                return;
            }

            await streams.ServeAsync(context, (events, end) => SendAsync(events, watch, time, end));
        });

    private static async Task SendOneAsync(HttpContext context, PipelineWatch watch)
    {
        while (true)
        {
            var (snapshot, next) = watch.Read();
            if (snapshot is not null)
            {
                await Results.Bytes(snapshot, "application/json").ExecuteAsync(context);
                return;
            }

            await next.WaitAsync(context.RequestAborted);
        }
    }

    private static async Task SendAsync(ServerSentEvents events, PipelineWatch watch, TimeProvider time, CancellationToken end)
    {
        while (true)
        {
            var (snapshot, next) = watch.Read();
            if (snapshot is not null)
            {
                await events.SendAsync("picture", snapshot, null, end);
            }

            await events.UntilAsync(next, time, end);
        }
    }
}
