using CloudTicks.Dashboard.Streams;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary><c>GET /api/page/pipeline</c>: the picture, once a second, or one with <c>?once=true</c>.</summary>
internal static class PipelineRoutes
{
    public static void MapPipeline(this IEndpointRouteBuilder app) => app.MapGet(
        "/api/page/pipeline", async (HttpContext context, PipelineWatch watch, StreamServing streams, TimeProvider time) =>
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
            var (picture, next) = watch.Look();
            if (picture is not null)
            {
                await Results.Bytes(picture, "application/json").ExecuteAsync(context);
                return;
            }

            await next.WaitAsync(context.RequestAborted);
        }
    }

    private static async Task SendAsync(ServerSentEvents events, PipelineWatch watch, TimeProvider time, CancellationToken end)
    {
        while (true)
        {
            var (picture, next) = watch.Look();
            if (picture is not null)
            {
                await events.SendAsync("picture", picture, null, end);
            }

            await events.UntilAsync(next, time, end);
        }
    }
}
