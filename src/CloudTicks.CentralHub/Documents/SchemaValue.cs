using System.Globalization;
using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Compares types and numbers with the semantics of JSON schema: 5.0 is an integer.</summary>
internal static class SchemaValue
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Returns the number, rounded to the precision of a decimal; null when the value is not a number or is too large.</summary>
    public static decimal? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
            && decimal.TryParse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        // Accept a number that is too large for a decimal here; the check of the bounds reports it.
        "integer" => value.ValueKind == JsonValueKind.Number && (Number(value) is not { } number || number == decimal.Truncate(number)),
        _ => throw new NotSupportedException($"The schema has the type '{type}', which is not supported."),
    };

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String when SecretDetector.IsSecret(value.GetString()!) => FaultText.Quote(value.GetString()!),
        JsonValueKind.String => $"the string {FaultText.Quote(value.GetString()!)}",
        JsonValueKind.Null => "null",
        _ => FaultText.Value(value),
    };

    public static string Expected(string type) => type switch
    {
        "object" => "an object",
        "array" => "an array",
        "string" => "a string",
        "boolean" => "true or false",
        "null" => "null",
        "integer" => "an integer",
        _ => "a number",
    };

    public static decimal? Bound(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var bound) ? Number(bound) : null;

    /// <summary>Returns whether a value has the type, or one of the types, that a schema expects.</summary>
    public static bool HasExpectedType(JsonElement value, JsonElement expected) =>
        TypesOf(expected).Any(type => Is(value, type));

    public static string ExpectedTypes(JsonElement expected) => string.Join(" or ", TypesOf(expected).Select(Expected));

    public static void CheckNumber(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var (min, max) = (Bound(schema, "minimum"), Bound(schema, "maximum"));
        if (Number(value) is not { } number)
        {
            faults.Add(place, $"The number {FaultText.Value(value)} is too large{RangeText(min, max)}.");
        }
        else if (number < min || number > max)
        {
            faults.Add(place, $"It is {FaultText.Value(value)}{RangeText(min, max)}.");
        }
        else if (Bound(schema, "exclusiveMinimum") is { } above && number <= above)
        {
            faults.Add(place, $"It is {FaultText.Value(value)}; it must be above {Text(above)}.");
        }
        else if (Bound(schema, "exclusiveMaximum") is { } below && number >= below)
        {
            faults.Add(place, $"It is {FaultText.Value(value)}; it must be below {Text(below)}.");
        }
        else if (Bound(schema, "multipleOf") is { } step && number % step != 0)
        {
            faults.Add(place, $"It is {FaultText.Value(value)}, which is not a multiple of {Text(step)}.");
        }
    }

    /// <summary>Returns the allowed range, as the end of a sentence.</summary>
    public static string RangeText(decimal? min, decimal? max) => (min, max) switch
    {
        ({ } from, { } to) => $"; the allowed range is {Text(from)} to {Text(to)}",
        ({ } from, null) => $"; the minimum is {Text(from)}",
        (null, { } to) => $"; the maximum is {Text(to)}",
        _ => "",
    };

    /// <summary>Returns a text that is equal for equal values, however they are written.</summary>
    public static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal)
            .Select(field => $"{JsonSerializer.Serialize(field.Name)}:{Canonical(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        JsonValueKind.Number when Number(value) is { } number => number.ToString("0.############################", Invariant),
        _ => value.GetRawText(),
    };

    private static IEnumerable<string> TypesOf(JsonElement expected) =>
        expected.ValueKind == JsonValueKind.Array ? expected.EnumerateArray().Select(type => type.GetString()!) : [expected.GetString()!];

    private static string Text(decimal number) => number.ToString("#,0.############################", Invariant);
}
