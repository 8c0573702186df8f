using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>
/// Checks schemas: JSON schema, draft 2020-12, with the keywords of docs/services.md. Any other keyword is a fault: if it were ignored,
/// documents that it forbids would be accepted.
/// </summary>
internal sealed class SchemaSyntaxCheck(JsonElement root, string rootPlace, FaultList faults)
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";
    private const string DefinitionReferencePrefix = "#/$defs/";

    private static readonly string[] Types = ["object", "array", "string", "boolean", "number", "integer", "null"];

    /// <summary>Annotations, which do not affect validity.</summary>
    private static readonly string[] Annotations = ["$comment", "default", "examples", "deprecated", "readOnly", "writeOnly"];

    private static readonly string[] SchemaKeywords = ["items", "additionalProperties", "not", "if", "then", "else"];
    private static readonly string[] SchemaListKeywords = ["allOf", "anyOf", "oneOf"];
    private static readonly string[] BoundKeywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

    private static readonly string[] CountKeywords =
        ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

    private static readonly string[] SupportedKeywords =
    [
        "$schema", "$id", "$ref", "$defs", "title", "description", "type", "enum", "const", "required", "properties", "multipleOf",
        "pattern", "uniqueItems", .. SchemaKeywords, .. SchemaListKeywords, .. BoundKeywords, .. CountKeywords, .. Annotations,
    ];

    /// <summary>Finds unsupported keywords and invalid values.</summary>
    public void Check()
    {
        Check(root, rootPlace, isRoot: true);
        if (faults.IsEmpty)
        {
            CheckCycles();
        }
    }

    /// <summary>Resolves a <c>$ref</c>.</summary>
    public static JsonElement Resolve(JsonElement root, string reference) =>
        root.GetProperty("$defs").GetProperty(reference[DefinitionReferencePrefix.Length..]);

    private void Check(JsonElement schema, string place, bool isRoot = false)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False && !isRoot)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            faults.Add(place, $"It is {SchemaValue.Kind(schema)}, instead of a schema, which is an object.");
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var at = JsonPointer.Of(place, keyword.Name);
            if (!SupportedKeywords.Contains(keyword.Name))
            {
                faults.Add(
                    at,
                    $"The keyword {FaultText.Quote(keyword.Name)} is not supported{FaultText.Suggestion(keyword.Name, SupportedKeywords)}, "
                        + "so documents that it forbids would be accepted: remove it.");
            }
            else if (Problem(keyword.Name, keyword.Value, isRoot) is { } problem)
            {
                faults.Add(at, problem);
            }
            else
            {
                CheckParts(keyword.Name, keyword.Value, at);
            }
        }
    }

    private void CheckParts(string keyword, JsonElement value, string place)
    {
        if (SchemaKeywords.Contains(keyword))
        {
            Check(value, place);
        }
        else if (SchemaListKeywords.Contains(keyword))
        {
            foreach (var (index, part) in value.EnumerateArray().Index())
            {
                Check(part, JsonPointer.Of(place, index));
            }
        }
        else if (keyword is "properties" or "$defs")
        {
            foreach (var part in value.EnumerateObject())
            {
                Check(part.Value, JsonPointer.Of(place, part.Name));
            }
        }
    }

    private string? Problem(string keyword, JsonElement value, bool isRoot) => keyword switch
    {
        "$schema" => isRoot && IsText(value) && value.GetString()!.TrimEnd('#') == Dialect ? null
            : $"It must be \"{Dialect}\", and is allowed only at the root.",
        "$id" => isRoot && IsText(value) ? null : "It must be a string, and is allowed only at the root.",
        "$defs" => isRoot && value.ValueKind == JsonValueKind.Object ? null
            : "It must be an object of schemas, and is allowed only at the root.",
        "$ref" => IsReference(value) ? null : $"It must be {DefinitionReferencePrefix}NAME, where NAME is defined in $defs.",
        "title" or "description" or "$comment" => IsText(value) ? null : "It must be a string.",
        "type" => IsType(value) ? null : $"It must be one of {string.Join(", ", Types)}, or a list of at least one of them.",
        "enum" => value is { ValueKind: JsonValueKind.Array } && value.GetArrayLength() > 0 ? null
            : "It must be a list of at least one value.",
        "required" => IsTexts(value) ? null : "It must be a list of names.",
        "properties" => value.ValueKind == JsonValueKind.Object ? null : "It must be an object of schemas.",
        "uniqueItems" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "It must be true or false.",
        "multipleOf" => SchemaValue.Number(value) > 0 ? null : "It must be a number above 0, of at most 28 digits.",
        "pattern" => PatternProblem(value),
        _ when BoundKeywords.Contains(keyword) =>
            SchemaValue.Number(value) is not null ? null : "It must be a number of at most 28 digits.",
        _ when CountKeywords.Contains(keyword) =>
            SchemaValue.Number(value) is >= 0 and <= int.MaxValue && SchemaValue.Is(value, "integer")
                ? null : $"It must be an integer from 0 to {int.MaxValue}.",
        _ when SchemaListKeywords.Contains(keyword) => value is { ValueKind: JsonValueKind.Array } && value.GetArrayLength() > 0
            ? null : "It must be a list of at least one schema.",
        _ => null,
    };

    private bool IsReference(JsonElement value) => IsText(value) && value.GetString() is { } text
        && text.StartsWith(DefinitionReferencePrefix, StringComparison.Ordinal)
        && root.TryGetProperty("$defs", out var definitions) && definitions.ValueKind == JsonValueKind.Object
        && definitions.TryGetProperty(text[DefinitionReferencePrefix.Length..], out _);

    private static bool IsType(JsonElement value) =>
        (IsText(value) && Types.Contains(value.GetString()))
        || (IsTexts(value) && value.GetArrayLength() > 0 && value.EnumerateArray().All(type => Types.Contains(type.GetString())));

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsTexts(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsText);

    private static string? PatternProblem(JsonElement value)
    {
        if (!IsText(value))
        {
            return "It must be a string.";
        }

        try
        {
            SchemaPattern.Read(value.GetString()!);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return $"It is not a supported pattern; look-around, back-references and counts in the thousands are not supported: "
            + $"{exception.Message}";
        }
    }

    /// <summary>Finds definitions that refer back to themselves without descending into the value: a check would never end.</summary>
    private void CheckCycles()
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("$defs", out var definitions))
        {
            return;
        }

        var checkedNames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in definitions.EnumerateObject())
        {
            if (IsInCycle(definition.Name, [], checkedNames))
            {
                faults.Add(JsonPointer.Of(JsonPointer.Of(rootPlace, "$defs"), definition.Name), "It refers to itself.");
            }
        }
    }

    private bool IsInCycle(string name, HashSet<string> ancestors, HashSet<string> checkedNames)
    {
        if (checkedNames.Contains(name) || !ancestors.Add(name))
        {
            return !checkedNames.Contains(name);
        }

        var isInCycle = References(Resolve(root, DefinitionReferencePrefix + name)).Any(next => IsInCycle(next, ancestors, checkedNames));
        ancestors.Remove(name);
        if (!isInCycle)
        {
            checkedNames.Add(name);
        }

        return isInCycle;
    }

    /// <summary>Returns the definitions that a schema applies to the value itself, not to its members or items.</summary>
    private static IEnumerable<string> References(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return schema.EnumerateObject().SelectMany(keyword => keyword.Name switch
        {
            "$ref" => [keyword.Value.GetString()![DefinitionReferencePrefix.Length..]],
            "not" or "if" or "then" or "else" => References(keyword.Value),
            "allOf" or "anyOf" or "oneOf" => keyword.Value.EnumerateArray().SelectMany(References),
            _ => [],
        });
    }
}
