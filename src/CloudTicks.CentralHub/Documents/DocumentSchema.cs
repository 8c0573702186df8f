using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Documents;

/// <summary>
/// Checks a value by a JSON schema (draft 2020-12), as far as our schemas go: type, enum, const, required, properties,
/// additionalProperties, items, bounds of numbers, texts and arrays, uniqueItems, pattern, allOf, if and then, and $ref to $defs. A schema
/// with any other keyword is refused, so that none is published that is not checked.
/// </summary>
internal sealed class DocumentSchema
{
    private const string LocalDefinition = "#/$defs/";

    private static readonly HashSet<string> Checked = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$ref", "$defs", "title", "description", "type", "enum", "const", "required", "properties",
        "additionalProperties", "items", "minimum",
        "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "allOf", "if", "then",
    };

    private readonly JsonElement _root;
    private readonly ConcurrentDictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    /// <exception cref="NotSupportedException">A keyword is none of those that are checked.</exception>
    public DocumentSchema(string json)
    {
        using var document = JsonDocument.Parse(json);
        _root = document.RootElement.Clone();
        RequireKnown(_root);
    }

    public void Check(JsonElement value, FaultList faults) => Check(_root, value, "", faults);

    /// <summary>The names of the fields below a place, <c>operational</c>, in the order of the schema.</summary>
    public IReadOnlyList<string> FieldsOf(string name) =>
        _root.GetProperty("properties").TryGetProperty(name, out var field)
            && Resolve(field).TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(property => property.Name)]
            : [];

    public bool IsArray(string name, string field) =>
        _root.GetProperty("properties").TryGetProperty(name, out var parent) && Resolve(parent).TryGetProperty("properties", out var fields)
        && fields.TryGetProperty(field, out var schema) && Resolve(schema).TryGetProperty("type", out var type)
        && type.ValueEquals("array");

    private void Check(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        schema = Resolve(schema);
        var type = schema.TryGetProperty("type", out var wanted) ? wanted.GetString()! : null;
        if (type is not null && !SchemaValue.Is(value, type))
        {
            faults.Add(place, $"It is {SchemaValue.Kind(value)}, where {SchemaValue.Wanted(type)} is wanted.");
            return;
        }

        if (!IsAmong(schema, value, place, faults))
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                SchemaValue.CheckNumber(schema, value, place, faults);
                break;
            case JsonValueKind.String:
                CheckText(schema, value.GetString()!, place, faults);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, place, faults);
                break;
            case JsonValueKind.Object:
                CheckObject(schema, value, place, faults);
                break;
        }

        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var one in all.EnumerateArray())
            {
                CheckCondition(one, value, place, faults);
            }
        }
    }

    private void CheckCondition(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        if (!schema.TryGetProperty("if", out var condition) || !schema.TryGetProperty("then", out var consequence))
        {
            Check(schema, value, place, faults);
            return;
        }

        var unmet = new FaultList();
        Check(condition, value, "", unmet);
        if (unmet.IsEmpty)
        {
            Check(consequence, value, place, faults);
        }
    }

    private static bool IsAmong(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
        {
            faults.Add(place, $"It is {Shown.Value(value)}, where {Shown.Value(only)} is wanted.");
            return false;
        }

        if (!schema.TryGetProperty("enum", out var values) || values.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
        {
            return true;
        }

        var names = values.EnumerateArray().Select(one => one.ToString()).ToArray();
        var meant = value.ValueKind == JsonValueKind.String ? Shown.Meant(value.GetString()!, names) : "";
        faults.Add(place, $"It is {Shown.Value(value)}, which is none of {string.Join(", ", names)}{meant}.");
        return false;
    }

    private void CheckText(JsonElement schema, string text, string place, FaultList faults)
    {
        var letters = new StringInfo(text).LengthInTextElements;
        if (SchemaValue.Bound(schema, "minLength") is { } least && letters < least)
        {
            faults.Add(place, least == 1 ? "It is empty." : $"It has fewer than {least} letters.");
        }
        else if (SchemaValue.Bound(schema, "maxLength") is { } most && text.Length > most)
        {
            faults.Add(
                place, string.Create(CultureInfo.InvariantCulture, $"It has {text.Length:N0} letters; at most {most:N0} are possible."));
        }
        else if (schema.TryGetProperty("pattern", out var pattern) && !Pattern(pattern.GetString()!).IsMatch(text))
        {
            faults.Add(place, schema.TryGetProperty("description", out var hint)
                ? $"It is {Shown.Text(text)}. {hint.GetString()}"
                : $"It is {Shown.Text(text)}, which is not of the form {pattern.GetString()}.");
        }
    }

    private void CheckArray(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var length = value.GetArrayLength();
        if (SchemaValue.Bound(schema, "maxItems") is { } most && length > most)
        {
            faults.Add(place, string.Create(CultureInfo.InvariantCulture, $"It has {length:N0} entries; at most {most:N0} are possible."));
            return;
        }

        if (SchemaValue.Bound(schema, "minItems") is { } least && length < least)
        {
            faults.Add(place, string.Create(CultureInfo.InvariantCulture, $"It has {length:N0} entries; at least {least:N0} are wanted."));
        }

        var unique = schema.TryGetProperty("uniqueItems", out var flag) && flag.GetBoolean()
            ? new HashSet<string>(StringComparer.Ordinal)
            : null;
        foreach (var (index, entry) in value.EnumerateArray().Index())
        {
            if (unique?.Add(entry.GetRawText()) == false)
            {
                faults.Add(JsonPointer.Of(place, index), $"It is {Shown.Value(entry)} again.");
            }

            if (schema.TryGetProperty("items", out var items))
            {
                Check(items, entry, JsonPointer.Of(place, index), faults);
            }
        }
    }

    private void CheckObject(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var names = schema.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(property => property.Name)] : Array.Empty<string>();
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!)
                .Where(name => !value.TryGetProperty(name, out _)))
            {
                faults.Add(JsonPointer.Of(place, name), $"'{name}' is missing.");
            }
        }

        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : (JsonElement?)null;
        foreach (var property in value.EnumerateObject())
        {
            if (names.Contains(property.Name))
            {
                Check(properties.GetProperty(property.Name), property.Value, JsonPointer.Of(place, property.Name), faults);
            }
            else if (SecretLook.IsSecret(property.Name))
            {
                // Told already, at the object, because the pointer would repeat it.
                continue;
            }
            else if (others is { ValueKind: JsonValueKind.False })
            {
                faults.Add(
                    JsonPointer.Of(place, property.Name),
                    $"There is no field {Shown.Text(property.Name)} here{Shown.Meant(property.Name, names)}. There are "
                        + $"{string.Join(", ", names)}.");
            }
            else if (others is { ValueKind: JsonValueKind.Object } schemaOfOthers)
            {
                Check(schemaOfOthers, property.Value, JsonPointer.Of(place, property.Name), faults);
            }
        }
    }

    // In .NET '$' also stands before a line feed at the end.
    private Regex Pattern(string pattern) => _patterns.GetOrAdd(pattern, static text => new Regex(
        text.EndsWith('$') ? text[..^1] + @"\z" : text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));

    private JsonElement Resolve(JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? Resolve(_root.GetProperty("$defs").GetProperty(reference.GetString()![LocalDefinition.Length..])) : schema;

    private static void RequireKnown(JsonElement schema)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Checked.Contains(keyword.Name)
                || (keyword.Name == "$ref" && !keyword.Value.GetString()!.StartsWith(LocalDefinition, StringComparison.Ordinal)))
            {
                throw new NotSupportedException($"The schema has '{keyword.Name}', which is not checked.");
            }

            IEnumerable<JsonElement> parts = keyword.Name switch
            {
                "$defs" or "properties" => keyword.Value.EnumerateObject().Select(part => part.Value),
                "allOf" => keyword.Value.EnumerateArray(),
                "items" or "if" or "then" => [keyword.Value],
                "additionalProperties" when keyword.Value.ValueKind == JsonValueKind.Object => [keyword.Value],
                _ => [],
            };
            foreach (var part in parts)
            {
                RequireKnown(part);
            }
        }
    }
}
