using System.Text.Json;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>
/// Reads what services tell. A field that is not there, or is of another kind, is not known; no service can break the picture.
/// </summary>
internal static class JsonFields
{
    /// <summary>A field of an object.</summary>
    public static JsonElement? Field(this JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement? json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The fields of an object within.</summary>
    public static IEnumerable<(string Name, JsonElement? Value)> Fields(this JsonElement? json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Object } element
            ? element.EnumerateObject().Select(field => (field.Name, (JsonElement?)field.Value)) : [];
}
