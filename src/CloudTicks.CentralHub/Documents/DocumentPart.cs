using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Reads parts of a document. A part of the wrong type is treated as absent, because the schema check reports it.</summary>
public static class DocumentPart
{
    /// <summary>Reads a field; undefined when absent.</summary>
    public static JsonElement Of(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var field) ? field : default;

    /// <summary>Reads a text; null when absent.</summary>
    public static string? Text(JsonElement value, string name) =>
        Of(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Reads the entries of an array; empty when absent.</summary>
    public static IEnumerable<JsonElement> Entries(JsonElement value, string name) =>
        Of(value, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>Reads the texts of an array with their JSON pointers.</summary>
    public static IEnumerable<(string Place, string Text)> Texts(JsonElement value, string name, string place) =>
        Entries(value, name).Index().Where(entry => entry.Item.ValueKind == JsonValueKind.String)
        .Select(entry => (JsonPointer.Of(place, entry.Index), entry.Item.GetString()!));
}
