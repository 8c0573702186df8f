using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Client;

/// <summary>One version of a service's document, a JSON object; version 0 is the defaults.</summary>
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
