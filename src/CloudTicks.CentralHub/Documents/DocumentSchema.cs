using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Documents;

/// <summary>A JSON schema (draft 2020-12) of a document, limited to the supported keywords (<see cref="SchemaSyntaxCheck"/>).</summary>
internal sealed class DocumentSchema
{
    private readonly JsonElement _root;
    private readonly ConcurrentDictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    /// <exception cref="NotSupportedException">The schema has an unsupported keyword or an invalid value.</exception>
    public DocumentSchema(string json)
    {
        using var document = JsonDocument.Parse(json);
        _root = document.RootElement.Clone();
        var faults = new FaultList();
        new SchemaSyntaxCheck(_root, "", faults).Check();
        if (!faults.IsEmpty)
        {
            throw new NotSupportedException($"The schema cannot be used. {faults.Faults[0].Place}: {faults.Faults[0].Detail}");
        }
    }

    public void Check(JsonElement value, FaultList faults) =>
        new SchemaCheck(_root, pattern => _patterns.GetOrAdd(pattern, SchemaPattern.Read)).Check(value, faults);

    /// <summary>Returns the names of the fields of an object such as <c>operational</c>, in the order of the schema.</summary>
    public IReadOnlyList<string> FieldsOf(string name) =>
        Property(_root, name) is { } field && Resolve(field).TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(property => property.Name)]
            : [];

    public bool IsArray(string name, string field) =>
        Property(_root, name) is { } parent && Property(parent, field) is { } schema && Resolve(schema).TryGetProperty("type", out var type)
        && type.ValueKind == JsonValueKind.String && type.ValueEquals("array");

    private JsonElement? Property(JsonElement schema, string name) =>
        Resolve(schema) is { } parent && parent.TryGetProperty("properties", out var properties)
            && properties.TryGetProperty(name, out var property) && property.ValueKind == JsonValueKind.Object
            ? property : null;

    private JsonElement Resolve(JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? Resolve(SchemaSyntaxCheck.Resolve(_root, reference.GetString()!)) : schema;
}
