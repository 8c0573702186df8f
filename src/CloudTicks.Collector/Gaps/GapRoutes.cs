using System.Buffers;
using System.Text.Json;
using CloudTicks.Collection.Gaps;
using CloudTicks.Foundations;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collector.Gaps;

/// <summary>Maps the routes of gaps: <c>GET /api/v1/gaps</c>, <c>POST /api/v1/backfill</c> and <c>GET /api/v1/backfill/{id}</c>.</summary>
internal static class GapRoutes
{
    private const int MaxBodyBytes = 64 * 1024;

    public static void MapGaps(this WebApplication app)
    {
        var gaps = app.Services.GetRequiredService<GapService>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.MapGet("/api/v1/gaps", (HttpRequest request) => Find(request, gaps));
        app.MapPost(
            "/api/v1/backfill",
            (HttpRequest request, CancellationToken cancellationToken) => RequestAsync(request, gaps, time, cancellationToken));
        app.MapGet("/api/v1/backfill/{id:guid}", (Guid id) => gaps.GetBackfill(id) is { } backfill
            ? Results.Bytes(Json(backfill), "application/json")
            : Results.Problem($"Request {id} does not exist, or ended more than a day ago.", statusCode: StatusCodes.Status404NotFound));
    }

    private static IResult Find(HttpRequest request, GapService gaps)
    {
        var filter = GapQuery.Read(request.Query, out var parameters);
        return parameters.Faults.Count > 0
            ? InvalidRequest("A parameter is wrong.", parameters.Faults)
            : Results.Bytes(GapRecord.WriteArray(gaps.Find(filter)), "application/json");
    }

    private static async Task<IResult> RequestAsync(
        HttpRequest request, GapService gaps, TimeProvider time, CancellationToken cancellationToken)
    {
        // Protects against cross-site requests: a page of another origin can send forms, but not JSON.
        if (!request.HasJsonContentType())
        {
            return Results.Problem(
                "Send JSON, with Content-Type: application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.ContentLength is null or > MaxBodyBytes)
        {
            return Results.Problem(
                $"The body is longer than {new ByteSize(MaxBodyBytes)}, or Content-Length is missing.",
                statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        BackfillRequest? wanted;
        IReadOnlyList<RequestFault> faults;
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
            wanted = BackfillRequestReader.Read(body.RootElement, time.GetUtcNow().ToUnixTimeMilliseconds(), out faults);
        }
        catch (JsonException exception)
        {
            return Results.Problem($"The body is not JSON: {exception.Message}", statusCode: StatusCodes.Status400BadRequest);
        }

        if (wanted is null)
        {
            return InvalidRequest("A field is wrong.", faults);
        }

        return gaps.Request(wanted) is { } backfill
            ? new Accepted(backfill)
            : Results.Problem(gaps.RefusalReason, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult InvalidRequest(string title, IReadOnlyList<RequestFault> faults) =>
        Results.Problem(RequestFault.Of(StatusCodes.Status400BadRequest, title, faults));

    private static byte[] Json(Backfill backfill)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, backfill.Id);
            json.WriteString("symbol"u8, backfill.Symbol.Name);
            json.WriteNumber("from_ms"u8, backfill.FromMs);
            json.WriteNumber("to_ms"u8, backfill.ToMs);
            json.WriteString("state"u8, backfill.State.Name());
            json.WriteNumber("progress"u8, Math.Round(backfill.Progress, 4));
            json.WriteNumber("recovered"u8, backfill.Recovered);
            if (backfill.Detail is { } detail)
            {
                json.WriteString("detail"u8, detail);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The response 202, with the location at which the request's progress can be read.</summary>
    private sealed class Accepted(Backfill backfill) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var json = Json(backfill);
            var response = httpContext.Response;
            (response.StatusCode, response.ContentType) = (StatusCodes.Status202Accepted, "application/json");
            response.ContentLength = json.Length;
            response.Headers.Location = $"/api/v1/backfill/{backfill.Id}";
            await response.Body.WriteAsync(json, httpContext.RequestAborted);
        }
    }
}
