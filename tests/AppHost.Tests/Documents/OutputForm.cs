using System.Text.Json;
using System.Text.RegularExpressions;

namespace AppHost.Tests.Documents;

/// <summary>Compares the output in a page with a program's output: names, texts and order, but not numbers, times and identities.</summary>
internal static partial class OutputForm
{
    /// <returns>The difference; empty if there is none.</returns>
    public static string Compare((string Language, string Text) shown, ShellResult printed) => shown.Language switch
    {
        "json" => CompareJson(shown.Text, printed.Output),
        _ => CompareLines(shown.Text, printed.Both),
    };

    /// <summary>
    /// Every member in the page exists with a value of the same type; other members are allowed only if the page has <c>...</c>.
    /// </summary>
    private static string CompareJson(string shown, string printed)
    {
        var hasMore = shown.Contains(",...", StringComparison.Ordinal);
        try
        {
            using var expected = JsonDocument.Parse(shown.Replace(",...", "", StringComparison.Ordinal));
            using var actual = JsonDocument.Parse(printed);
            return Compare(expected.RootElement, actual.RootElement, "", hasMore);
        }
        catch (JsonException exception)
        {
            return exception.Message;
        }
    }

    private static string Compare(JsonElement shown, JsonElement printed, string path, bool hasMore)
    {
        if (shown.ValueKind != printed.ValueKind)
        {
            return $"{path} is shown as {shown.ValueKind} and is {printed.ValueKind}";
        }

        if (shown.ValueKind == JsonValueKind.Array)
        {
            return shown.GetArrayLength() == 0 || printed.GetArrayLength() == 0
                ? ""
                : Compare(shown[0], printed[0], $"{path}[0]", hasMore);
        }

        if (shown.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        foreach (var member in shown.EnumerateObject())
        {
            var difference = printed.TryGetProperty(member.Name, out var value)
                ? Compare(member.Value, value, $"{path}/{member.Name}", hasMore)
                : $"{path}/{member.Name} is shown and not printed";
            if (difference.Length > 0)
            {
                return difference;
            }
        }

        var more = hasMore
            ? null
            : printed.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !shown.TryGetProperty(name, out _));
        return more is null ? "" : $"{path}/{more} is printed and not shown";
    }

    /// <summary>Each line of the page is printed, in this order; a line of three dots matches any lines.</summary>
    private static string CompareLines(string shown, string printed)
    {
        var lines = printed.Split('\n').Select(Shape).ToList();
        var at = 0;
        var before = "";
        foreach (var line in shown.Split('\n').Where(line => line.Length > 0 && line != "..."))
        {
            // The output may have fewer of several similar lines.
            if (Shape(line) == before)
            {
                continue;
            }

            before = Shape(line);
            at = lines.IndexOf(before, at) + 1;
            if (at == 0)
            {
                return $"'{line}' is shown and no such line was printed; its form is '{before}'";
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
