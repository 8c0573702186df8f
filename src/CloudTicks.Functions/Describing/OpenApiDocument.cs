using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.Functions.Describing;

/// <summary>The OpenAPI 3.1 description from openapi.json. A function that is missing there is added without details.</summary>
internal static class OpenApiDocument
{
    private const string Resource = "openapi.json";

    private static readonly Lazy<ReadOnlyMemory<byte>> Completed = new(() => JsonSerializer.SerializeToUtf8Bytes(Complete(FromResource())));

    public static ReadOnlyMemory<byte> Json => Completed.Value;

    public static JsonObject FromResource()
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
                ["responses"] = new JsonObject { ["default"] = new JsonObject { ["description"] = "The function's response." } },
            };
        }

        return document;
    }
}
