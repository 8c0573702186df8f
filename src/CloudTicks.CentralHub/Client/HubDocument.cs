using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Client;

/// <summary>One version of a service's document, a JSON object. Version 0 is the defaults.</summary>
internal sealed record HubDocument(int Version, string Tag, string Json)
{
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Returns a new copy of the content.</summary>
    public JsonObject Content() => Parse(Json);

    /// <summary>Parses a document.</summary>
    /// <exception cref="JsonException">The text is not a JSON object, has duplicate names, or is nested too deeply.</exception>
    public static JsonObject Parse(string json) => JsonNode.Parse(json, documentOptions: Strict) as JsonObject
        ?? throw new JsonException("It is not a JSON object.");
}
