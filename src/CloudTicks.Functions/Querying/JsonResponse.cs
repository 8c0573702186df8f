using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

/// <summary>A JSON response that is complete before its first byte is sent, independent of a host's JSON settings.</summary>
internal sealed class JsonResponse(int status, string contentType, ReadOnlyMemory<byte> json) : IActionResult
{
    /// <summary>
    /// Serializes problems with relaxed escaping: people read them in a terminal, and they are never embedded in HTML unescaped.
    /// </summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonResponse Of(ReadOnlyMemory<byte> json) => new(StatusCodes.Status200OK, "application/json", json);

    public static JsonResponse OfSchema(ReadOnlyMemory<byte> json) => new(StatusCodes.Status200OK, "application/schema+json", json);

    public static JsonResponse Problem(ProblemDetails problem)
    {
        problem.Detail = problem.Detail is { } detail ? Counted.Agree(detail) : null;
        return new(
            problem.Status!.Value, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, problem.GetType(), Readable));
    }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, contentType, json.Length);
        await response.Body.WriteAsync(json, context.HttpContext.RequestAborted);
    }
}
