using System.Globalization;
using System.Text;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>Writes events in unusual forms that JSON allows, and in some that it does not allow.</summary>
internal sealed class OddJson(Random random)
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "-0.0", "0.0", "0e5", "-0e-5", "1e0", "1E+2", "12e-1", "48.0", "4e-05", "1.5E3", "-1", "-17.25", "100000", "1e18",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775807", "123456789012345678",
        "1234567890123456789", "99999999999999999999999", "0.000000000000000000000000000000000000001",
        "0.00000000000000000000000000000000000001", "1e400", "1e-400", "1e99999999999", "-1e-99999999999", "2147483647", "2147483648",
        "-2147483648", "-2147483649", "0.1234567890123456789", "1700000000", "1700000000123456", "1700000000123456789",
        "10000000000000000000000e-22", "0.0000000000000000000000000000000000000000000000012e47",
        "1.00000000000000000000000000000000000000000000000",
    ];

    private static readonly string[] NonNumbers =
    [
        "01", "-01", "00", "1.", ".5", "+1", "-", "1e", "1e+", "NaN", "-Infinity", "0x10", "1_000", "1,5", "--1", "1.2.3", "tru", "nul",
        "'1'",
    ];

    private static readonly string[] Texts =
    [
        "\"\"", "\"noon\"", "\"12\"", "\"1.25\"", "\"1\\u002e5\"", "\"-3\"", "\"1e400\"", "\" 1\"", "\"a\\\"b\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u00e9\\u20ac\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud800\\u0041\"", "\"é€😀\"",
        "\"},{\\\"ev\\\":\\\"C\\\"\"", "\"]\"", "\"EUR\\/USD\"", "\"\\u0000\"",
    ];

    private static readonly string[] NonTexts =
    [
        "\"\\x41\"", "\"\\u12g4\"", "\"\\u123\"", "\"a\tb\"", "\"a\nb\"", "\"\u0000\"", "\"\\\"", "'a'", "\"\\U0041\"",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "false", "[]", "{}", "[1]", "[ 1 , 2 ]", "[1,\"2\"]", "[[1],2]", "[null]", "[1.5]", "[1.0,2e1]", "{\"a\":[{}]}",
    ];

    /// <summary>An event in an odd form.</summary>
    /// <param name="fields">The event's fields.</param>
    /// <param name="isJson">Whether the result is still valid JSON.</param>
    public string Write(List<(string Key, string Value)> fields, out bool isJson)
    {
        var variedFields = fields.Where(_ => random.Next(12) > 0).Select(field => (field.Key, Value: Vary(field.Value, 12))).ToList();
        for (var extraFields = random.Next(3); extraFields > 0; extraFields--)
        {
            variedFields.Add(random.Next(2) == 0
                ? ($"k{random.Next(9)}", Nested(random.Next(40) == 0 ? 40 : 4))
                : (fields[random.Next(fields.Count)].Key, Vary("null", 1)));
        }

        var damagedIndex = random.Next(8) == 0 && variedFields.Count > 0 ? random.Next(variedFields.Count) : -1;
        isJson = damagedIndex < 0;
        if (damagedIndex >= 0)
        {
            variedFields[damagedIndex] = (variedFields[damagedIndex].Key, Pick(random.Next(2) == 0 ? NonNumbers : NonTexts));
        }

        var shuffledFields = variedFields.ToArray();
        if (random.Next(2) == 0)
        {
            random.Shuffle(shuffledFields);
        }

        var text = new StringBuilder("{").Append(Blank());
        foreach (var (index, (key, value)) in shuffledFields.Index())
        {
            text.Append(index == 0 ? "" : "," + Blank()).Append('"').Append(Escaped(key)).Append('"')
                .Append(Blank()).Append(':').Append(Blank()).Append(value).Append(Blank());
        }

        return text.Append('}').ToString();
    }

    /// <summary>White space that JSON allows; mostly none.</summary>
    public string Blank() => random.Next(3) > 0
        ? ""
        : string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => " \t\r\n"[random.Next(4)]));

    /// <summary>
    /// Writes a value. On average, one in <paramref name="rarity"/> values is replaced by another; the others may have an unusual form.
    /// </summary>
    private string Vary(string value, int rarity)
    {
        if (random.Next(rarity) == 0)
        {
            return random.Next(4) switch
            {
                0 or 1 => Pick(Numbers),
                2 => Pick(Texts),
                _ => Pick(Others),
            };
        }

        return value[0] switch
        {
            '"' => $"\"{Escaped(value[1..^1])}\"",
            '[' => $"[{Blank()}{value[1..^1].Replace(",", $"{Blank()},{Blank()}", StringComparison.Ordinal)}{Blank()}]",
            _ when random.Next(12) == 0 => $"\"{value}\"",
            _ => value,
        };
    }

    private string Escaped(string text) => random.Next(6) > 0
        ? text
        : string.Concat(text.Select(letter => random.Next(3) == 0
            ? "\\u" + ((int)letter).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture)
            : letter.ToString()));

    private string Nested(int depth) => (depth == 0 ? 0 : depth > 4 ? 1 : random.Next(4)) switch
    {
        0 => Pick(random.Next(2) == 0 ? Numbers : Texts),
        1 => $"[{Blank()}{Nested(depth - 1)}{Blank()}]",
        2 => $"{{{Blank()}\"{Escaped("ev")}\"{Blank()}:{Nested(depth - 1)}{Blank()},{Blank()}\"\":{Nested(depth - 1)}{Blank()}}}",
        _ => $"[{Nested(depth - 1)}{Blank()},{Blank()}{Nested(depth - 1)}{Blank()}]",
    };

    private string Pick(string[] values) => values[random.Next(values.Length)];
}
