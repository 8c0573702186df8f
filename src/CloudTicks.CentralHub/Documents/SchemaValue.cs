using System.Globalization;
using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Types and numbers as JSON schema sees them: 5.0 is a whole number.</summary>
internal static class SchemaValue
{
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
        "integer" => "a whole number",
        _ => "a number",
    };

    public static decimal? Bound(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var bound) ? Number(bound) : null;

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
    }

    private static string Possible(decimal? least, decimal? most) =>
        (least, most) is ({ } from, { } to)
            ? string.Create(CultureInfo.InvariantCulture, $"; {from:#,0.##} to {to:#,0.##} is possible")
            : "";
}
