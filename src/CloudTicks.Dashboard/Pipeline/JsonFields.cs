using System.Text.Json;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Reads services' JSON; a missing field, or one of another kind, is unknown.</summary>
internal static class JsonFields
{
    public static JsonElement? Field(this JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement? json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static IEnumerable<(string Name, JsonElement? Value)> Fields(this JsonElement? json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Object } element
            ? element.EnumerateObject().Select(field => (field.Name, (JsonElement?)field.Value)) : [];
}
