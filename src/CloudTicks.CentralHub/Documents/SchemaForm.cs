using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>
/// The schemas by which documents can be checked: JSON schema, draft 2020-12, with the keywords of docs/central-hub.md. Every other keyword
/// is a fault, because a document that it forbids would be taken.
/// </summary>
internal sealed class SchemaForm(JsonElement root, string rootPlace, FaultList faults)
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";
    private const string LocalDefinition = "#/$defs/";

    private static readonly string[] Types = ["object", "array", "string", "boolean", "number", "integer", "null"];

    /// <summary>Keywords that say nothing about what is valid.</summary>
    private static readonly string[] Notes = ["$comment", "default", "examples", "deprecated", "readOnly", "writeOnly"];

    private static readonly string[] One = ["items", "additionalProperties", "not", "if", "then", "else"];
    private static readonly string[] Several = ["allOf", "anyOf", "oneOf"];
    private static readonly string[] Bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

    private static readonly string[] Counts =
        ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

    private static readonly string[] Known =
    [
        "$schema", "$id", "$ref", "$defs", "title", "description", "type", "enum", "const", "required", "properties", "multipleOf",
        "pattern", "uniqueItems", .. One, .. Several, .. Bounds, .. Counts, .. Notes,
    ];

    /// <summary>Finds everything in a schema that is not checked, or is not of its form.</summary>
    public void Check()
    {
        Check(root, rootPlace, isRoot: true);
        if (faults.IsEmpty)
        {
            CheckCircles();
        }
    }

    /// <summary>The schema that <c>$ref</c> names.</summary>
    public static JsonElement Resolve(JsonElement root, string reference) =>
        root.GetProperty("$defs").GetProperty(reference[LocalDefinition.Length..]);

    private void Check(JsonElement schema, string place, bool isRoot = false)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False && !isRoot)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            faults.Add(place, $"It is {SchemaValue.Kind(schema)}, where a schema, an object, is wanted.");
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var at = JsonPointer.Of(place, keyword.Name);
            if (!Known.Contains(keyword.Name))
            {
                faults.Add(at, $"The keyword {Shown.Text(keyword.Name)} is not checked here{Shown.Meant(keyword.Name, Known)}, so that a "
                    + "document that it forbids would be taken: leave it out.");
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
        if (One.Contains(keyword))
        {
            Check(value, place);
        }
        else if (Several.Contains(keyword))
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
            : $"It must be \"{Dialect}\", at the root.",
        "$id" => isRoot && IsText(value) ? null : "It must be a text, at the root.",
        "$defs" => isRoot && value.ValueKind == JsonValueKind.Object ? null : "It must be an object of schemas, at the root.",
        "$ref" => IsReference(value) ? null : $"It must be {LocalDefinition}NAME, with a name that $defs has.",
        "title" or "description" or "$comment" => IsText(value) ? null : "It must be a text.",
        "type" => IsType(value) ? null : $"It must be one of {string.Join(", ", Types)}, or a list of them.",
        "enum" => value is { ValueKind: JsonValueKind.Array } && value.GetArrayLength() > 0 ? null : "It must be a list of values.",
        "required" => IsTexts(value) ? null : "It must be a list of names.",
        "properties" => value.ValueKind == JsonValueKind.Object ? null : "It must be an object of schemas.",
        "uniqueItems" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "It must be true or false.",
        "multipleOf" => SchemaValue.Number(value) > 0 ? null : "It must be a number above 0, of at most 28 digits.",
        "pattern" => PatternProblem(value),
        _ when Bounds.Contains(keyword) => SchemaValue.Number(value) is not null ? null : "It must be a number of at most 28 digits.",
        _ when Counts.Contains(keyword) =>
            SchemaValue.Number(value) is >= 0 and <= int.MaxValue && SchemaValue.Is(value, "integer")
                ? null : $"It must be a whole number from 0 to {int.MaxValue}.",
        _ when Several.Contains(keyword) => value is { ValueKind: JsonValueKind.Array } && value.GetArrayLength() > 0
            ? null : "It must be a list of schemas.",
        _ => null,
    };

    private bool IsReference(JsonElement value) => IsText(value) && value.GetString() is { } text
        && text.StartsWith(LocalDefinition, StringComparison.Ordinal)
        && root.TryGetProperty("$defs", out var definitions) && definitions.ValueKind == JsonValueKind.Object
        && definitions.TryGetProperty(text[LocalDefinition.Length..], out _);

    private static bool IsType(JsonElement value) =>
        (IsText(value) && Types.Contains(value.GetString()))
        || (IsTexts(value) && value.GetArrayLength() > 0 && value.EnumerateArray().All(type => Types.Contains(type.GetString())));

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsTexts(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsText);

    private static string? PatternProblem(JsonElement value)
    {
        if (!IsText(value))
        {
            return "It must be a text.";
        }

        try
        {
            SchemaPattern.Read(value.GetString()!);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return $"It is no pattern that is checked here, which are those without look-around, back-references and counts in the "
                + $"thousands: {exception.Message}";
        }
    }

    /// <summary>A definition that is made of itself at the same place would never come to an end.</summary>
    private void CheckCircles()
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("$defs", out var definitions))
        {
            return;
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in definitions.EnumerateObject())
        {
            if (IsInCircle(definition.Name, [], done))
            {
                faults.Add(JsonPointer.Of(JsonPointer.Of(rootPlace, "$defs"), definition.Name), "It is made of itself, by its references.");
            }
        }
    }

    private bool IsInCircle(string name, HashSet<string> above, HashSet<string> done)
    {
        if (done.Contains(name) || !above.Add(name))
        {
            return !done.Contains(name);
        }

        var isInCircle = References(Resolve(root, LocalDefinition + name)).Any(next => IsInCircle(next, above, done));
        above.Remove(name);
        if (!isInCircle)
        {
            done.Add(name);
        }

        return isInCircle;
    }

    /// <summary>The definitions that apply to the same value as a schema.</summary>
    private static IEnumerable<string> References(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return schema.EnumerateObject().SelectMany(keyword => keyword.Name switch
        {
            "$ref" => [keyword.Value.GetString()![LocalDefinition.Length..]],
            "not" or "if" or "then" or "else" => References(keyword.Value),
            "allOf" or "anyOf" or "oneOf" => keyword.Value.EnumerateArray().SelectMany(References),
            _ => [],
        });
    }
}
