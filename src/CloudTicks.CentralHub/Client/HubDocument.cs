using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Client;

/// <summary>One version of a service's document, as the hub answered it; it is a JSON object.</summary>
/// <param name="Version">Its number; 0 are the defaults, which nobody has decided.</param>
/// <param name="Tag">Its ETag.</param>
/// <param name="Json">Its text.</param>
internal sealed record HubDocument(int Version, string Tag, string Json)
{
    private const int MostDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>The content, a copy of its own.</summary>
    public JsonObject Content() => Parse(Json);

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">It is no JSON object, names something twice, or is too deep.</exception>
    public static JsonObject Parse(string json) => JsonNode.Parse(json, documentOptions: Strict) as JsonObject
        ?? throw new JsonException("It is no JSON object.");
}
