using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Client;

/// <summary>Reads the messages in a problem+json response of the hub.</summary>
internal static class ProblemText
{
    /// <returns>The details of all errors, or else the detail or the title; null when the response is not problem+json.</returns>
    public static string? Of(byte[] json)
    {
        try
        {
            var problem = JsonNode.Parse(json) as JsonObject;
            var details = (problem?["errors"] as JsonArray ?? []).OfType<JsonObject>().Select(fault => Text(fault, "detail"))
                .Where(detail => detail is not null).ToArray();
            return details.Length > 0 ? string.Join(' ', details) : Text(problem, "detail") ?? Text(problem, "title");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject? problem, string name) =>
        problem?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
