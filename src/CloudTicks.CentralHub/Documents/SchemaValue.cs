using System.Globalization;
using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Types and numbers as JSON schema sees them: 5.0 is a whole number.</summary>
internal static class SchemaValue
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The number, exactly; null when it is none, or beyond 28 digits.</summary>
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
        // What has too many digits is told by its bounds.
        "integer" => value.ValueKind == JsonValueKind.Number && (Number(value) is not { } number || number == decimal.Truncate(number)),
        _ => throw new NotSupportedException($"The schema has the type '{type}', which is not checked."),
    };

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the text {Shown.Text(value.GetString()!)}",
        JsonValueKind.Null => "null",
        _ => Shown.Value(value),
    };

    public static string Wanted(string type) => type switch
    {
        "object" => "an object",
        "array" => "an array",
        "string" => "a text",
        "boolean" => "true or false",
        "null" => "null",
        "integer" => "a whole number",
        _ => "a number",
    };

    public static decimal? Bound(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var bound) ? Number(bound) : null;

    /// <summary>Whether a value is of the type, or of one of the types, of a schema.</summary>
    public static bool IsAny(JsonElement value, JsonElement wanted) =>
        TypesOf(wanted).Any(type => Is(value, type));

    public static string AnyWanted(JsonElement wanted) => string.Join(" or ", TypesOf(wanted).Select(Wanted));

    public static void CheckNumber(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var (least, most) = (Bound(schema, "minimum"), Bound(schema, "maximum"));
        if (Number(value) is not { } number)
        {
            faults.Add(place, $"The number {Shown.Value(value)} is too large{Possible(least, most)}.");
        }
        else if (number < least || number > most)
        {
            faults.Add(place, $"It is {Shown.Value(value)}{Possible(least, most)}.");
        }
        else if (Bound(schema, "exclusiveMinimum") is { } above && number <= above)
        {
            faults.Add(place, $"It is {Shown.Value(value)}; more than {Text(above)} is wanted.");
        }
        else if (Bound(schema, "exclusiveMaximum") is { } below && number >= below)
        {
            faults.Add(place, $"It is {Shown.Value(value)}; less than {Text(below)} is wanted.");
        }
        else if (Bound(schema, "multipleOf") is { } step && number % step != 0)
        {
            faults.Add(place, $"It is {Shown.Value(value)}, which is no multiple of {Text(step)}.");
        }
    }

    /// <summary>What is possible, as the end of a sentence.</summary>
    public static string Possible(decimal? least, decimal? most) => (least, most) switch
    {
        ({ } from, { } to) => $"; {Text(from)} to {Text(to)} is possible",
        ({ } from, null) => $"; at least {Text(from)} is wanted",
        (null, { } to) => $"; at most {Text(to)} is possible",
        _ => "",
    };

    /// <summary>A text that is the same for values that are equal, however they are written.</summary>
    public static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal)
            .Select(field => $"{JsonSerializer.Serialize(field.Name)}:{Canonical(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        JsonValueKind.Number when Number(value) is { } number => number.ToString("0.############################", Invariant),
        _ => value.GetRawText(),
    };

    private static IEnumerable<string> TypesOf(JsonElement wanted) =>
        wanted.ValueKind == JsonValueKind.Array ? wanted.EnumerateArray().Select(type => type.GetString()!) : [wanted.GetString()!];

    private static string Text(decimal number) => number.ToString("#,0.############################", Invariant);
}
