using System.Text.Json;
using System.Text.RegularExpressions;

namespace AppHost.Tests.Documents;

/// <summary>
/// Compares the output in a page with a program's output. In JSON the names of the members and the types of their values must agree; in
/// other output the lines and their order must agree, except for numbers, times and identities.
/// </summary>
internal static partial class OutputDiff
{
    /// <returns>The difference; empty if there is none.</returns>
    public static string Compare((string Language, string Text) documented, ShellResult printed) => documented.Language switch
    {
        "json" => CompareJson(documented.Text, printed.Output),
        _ => CompareLines(documented.Text, printed.Both),
    };

    /// <summary>
    /// Every member in the page exists with a value of the same type; other members are allowed only if the page has <c>...</c>.
    /// </summary>
    private static string CompareJson(string documented, string printed)
    {
        var hasMore = documented.Contains(",...", StringComparison.Ordinal);
        try
        {
            using var expected = JsonDocument.Parse(documented.Replace(",...", "", StringComparison.Ordinal));
            using var actual = JsonDocument.Parse(printed);
            return Compare(expected.RootElement, actual.RootElement, "", hasMore);
        }
        catch (JsonException exception)
        {
            return exception.Message;
        }
    }

    private static string Compare(JsonElement documented, JsonElement printed, string path, bool hasMore)
    {
        if (documented.ValueKind != printed.ValueKind)
        {
            return $"{path}: the page shows {documented.ValueKind}, the program printed {printed.ValueKind}";
        }

        if (documented.ValueKind == JsonValueKind.Array)
        {
            return documented.GetArrayLength() == 0 || printed.GetArrayLength() == 0
                ? ""
                : Compare(documented[0], printed[0], $"{path}[0]", hasMore);
        }

        if (documented.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        foreach (var member in documented.EnumerateObject())
        {
            var difference = printed.TryGetProperty(member.Name, out var value)
                ? Compare(member.Value, value, $"{path}/{member.Name}", hasMore)
                : $"{path}/{member.Name} is in the page, but was not printed";
            if (difference.Length > 0)
            {
                return difference;
            }
        }

        var more = hasMore
            ? null
            : printed.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !documented.TryGetProperty(name, out _));
        return more is null ? "" : $"{path}/{more} was printed, but is not in the page";
    }

    /// <summary>Each line of the page is printed, in this order; other lines may be printed in between.</summary>
    private static string CompareLines(string documented, string printed)
    {
        var lines = printed.Split('\n').Select(Shape).ToList();
        var at = 0;
        var before = "";
        foreach (var line in documented.Split('\n').Where(line => line.Length > 0 && line != "..."))
        {
            // For consecutive lines of the same form, one printed line is enough.
            if (Shape(line) == before)
            {
                continue;
            }

            before = Shape(line);
            at = lines.IndexOf(before, at) + 1;
            if (at == 0)
            {
                return $"'{line}' is in the page, but no line of this form was printed: '{before}'";
            }
        }

        return "";
    }

    private static string Shape(string line) => Blanks().Replace(Variable().Replace(line.TrimEnd('\r'), "0"), " ").Trim();

    // Matches times, tick identities, hexadecimal numbers, paths, and numbers with their commas and points.
    [GeneratedRegex(
        @"\d{13}\.\d+\.[0-9a-f]{16}|\d{4}-\d\d-\d\dT[\d:.]+Z|\b[0-9a-f-]{16,}\b|\b\d\d:\d\dZ|(?<=folder )/[^ ,]+|\d[\d,.]*\d(?:E-\d+)?|\d")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
