using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.Functions.Describing;

/// <summary>
/// The description of all functions over HTTP (OpenAPI 3.1): the file openapi.json. A function that it forgets is in it all the same, by
/// its name.
/// </summary>
internal static class OpenApiDocument
{
    private const string Resource = "openapi.json";

    private static readonly Lazy<ReadOnlyMemory<byte>> Whole = new(() => JsonSerializer.SerializeToUtf8Bytes(Complete(Written())));

    /// <summary>The document as it is served.</summary>
    public static ReadOnlyMemory<byte> Json => Whole.Value;

    /// <summary>What the file says.</summary>
    public static JsonObject Written()
    {
        using var file = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program was built without its resource {Resource}.");
        return JsonNode.Parse(file)!.AsObject();
    }

    private static JsonObject Complete(JsonObject document)
    {
        var paths = document["paths"]!.AsObject();
        foreach (var route in FunctionRoute.All)
        {
            if (paths[route.Path] is not JsonObject operations)
            {
                paths[route.Path] = operations = [];
            }

            operations[route.Method] ??= new JsonObject
            {
                ["operationId"] = route.Function,
                ["responses"] = new JsonObject { ["default"] = new JsonObject { ["description"] = "The function's answer." } },
            };
        }

        return document;
    }
}
