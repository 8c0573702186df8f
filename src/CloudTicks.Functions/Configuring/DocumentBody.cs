using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Configuring;

/// <summary>Reads a JSON object of bounded size and depth.</summary>
internal static class DocumentBody
{
    /// <summary>Longest document or patch, in bytes.</summary>
    public const int MaxBytes = 256 << 10;

    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads a body.</summary>
    /// <returns>The bytes; null when there are more than may be.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most)
        {
            return null;
        }

        var buffer = new byte[(int)(request.ContentLength ?? most) + 1];
        var length = 0;
        int read;
        while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length > most)
            {
                return null;
            }
        }

        return buffer.AsMemory(0, length);
    }

    /// <summary>Reads the object in a body.</summary>
    /// <returns>Null, and what is wrong, when it is none.</returns>
    public static JsonObject? Parse(ReadOnlyMemory<byte> body, out DocumentFault? fault)
    {
        try
        {
            fault = null;
            if (JsonNode.Parse(body.Span, documentOptions: Strict) is JsonObject document)
            {
                return document;
            }

            fault = new DocumentFault("", "It must be a JSON object, such as {\"operational\":{\"symbols\":[\"EURUSD\"]}}.");
        }
        catch (JsonException wrong)
        {
            // The library's own message repeats what it read, which may be a secret.
            fault = new DocumentFault(
                "",
                $"It is no JSON that can be read, at line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}: JSON without comments, trailing commas and "
                + $"names twice in one object, and at most {MaxDepth} deep.");
        }

        return null;
    }
}
