using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>A response as a JSON object. Without rows it has no <c>results</c>.</summary>
internal sealed class RestResponse(int statusCode, Action<Utf8JsonWriter> write) : IResult
{
    public int StatusCode => statusCode;

    /// <summary>The address of the next page; null on the last page and for endpoints without pages.</summary>
    public string? NextUrl { get; set; }

    public static RestResponse Page(IEnumerable<ReadOnlyMemory<byte>> rows, string? nextUrl) => new(StatusCodes.Status200OK, writer =>
    {
        var isFirst = true;
        foreach (var row in rows)
        {
            if (isFirst)
                writer.WriteStartArray("results"u8);
            isFirst = false;
            writer.WriteRawValue(row.Span, skipInputValidation: true);
        }

        if (!isFirst)
            writer.WriteEndArray();
        writer.WriteString("status"u8, "OK"u8);
    })
    { NextUrl = nextUrl };

    public static RestResponse NotFound(string message) => new(StatusCodes.Status404NotFound, writer =>
    {
        writer.WriteString("status"u8, "NOT_FOUND"u8);
        writer.WriteString("message"u8, message);
    });

    /// <summary>The response of the real server for times that a plan does not include.</summary>
    public static RestResponse NotAuthorized(string message) => new(StatusCodes.Status403Forbidden, writer =>
    {
        writer.WriteString("status"u8, "NOT_AUTHORIZED"u8);
        writer.WriteString("message"u8, message);
    });

    public static RestResponse Error(int statusCode, string error) => new(statusCode, writer =>
    {
        writer.WriteString("status"u8, "ERROR"u8);
        writer.WriteString("error"u8, error);
    });

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = statusCode;
        httpContext.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        write(writer);
        if (NextUrl is not null)
            writer.WriteString("next_url"u8, NextUrl);
        writer.WriteString("request_id"u8, Guid.NewGuid().ToString("N"));
        writer.WriteEndObject();
    }
}
