using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudTicks.AppHost.Local.Lines;

/// <summary>Parses level and text of a service's line, plain or JSON.</summary>
internal static partial class ServiceLine
{
    /// <param name="isError">
    /// Whether the line came from standard error, where a line without a level explains why a service did not start.
    /// </param>
    public static RunLine Read(DateTimeOffset time, string part, string line, bool isError)
    {
        var (level, text) = ReadPlain(line) ?? ReadJson(line) ?? (isError ? LineLevel.Error : LineLevel.Info, line);
        return new RunLine(time, part, level, text) { Original = line };
    }

    /// <summary>Parses the line as a JSON object; null if it is not one.</summary>
    public static JsonDocument? TryParseObject(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (LineLevel Level, string Text)? ReadPlain(string line) =>
        Plain().Match(line) is { Success: true } match && LineLevels.TryParse(match.Groups["level"].Value, out var level)
            ? (level, match.Groups["text"].Value)
            : null;

    private static (LineLevel Level, string Text)? ReadJson(string line)
    {
        using var document = TryParseObject(line);
        return document is not null && Text("level") is { } name && LineLevels.TryParse(name, out var level)
            ? (level, string.Join(
                "  ", new[] { LastPart(Text("category")), Text("message"), Text("exception") }.Where(text => !string.IsNullOrEmpty(text))))
            : null;

        string? Text(string name) =>
            document!.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static string? LastPart(string? category) => category?[(category.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (?<level>[A-Z]+) +(?<text>\S.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
