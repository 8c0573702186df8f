using System.Text.Json;
using CloudTicks.CentralHub.Spelling;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Formats values for messages: short, on one line, and never a likely secret.</summary>
public static class FaultText
{
    private const int MaxCharacters = 60;

    /// <summary>Formats a text in quotation marks.</summary>
    public static string Quote(string text)
    {
        if (SecretDetector.IsSecret(text))
        {
            return "a string that looks like a secret";
        }

        var line =
            string.Concat(text.Take(MaxCharacters).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return text.Length > MaxCharacters ? $"'{line}...'" : $"'{line}'";
    }

    /// <summary>Formats any JSON value.</summary>
    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(value.GetString()!),
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is { Length: > MaxCharacters } digits ? digits[..MaxCharacters] + "..." : value.GetRawText(),
    };

    /// <summary>Returns a suggestion for a misspelt name, as the end of a sentence; empty when there is none.</summary>
    public static string Suggestion(string written, IEnumerable<string> known) =>
        written.Length <= MaxCharacters
            && NearestName.Of(written.ToLowerInvariant(), known.Select(name => name.ToLowerInvariant())) is { } nearest
            ? $" (did you mean {known.First(name => name.Equals(nearest, StringComparison.OrdinalIgnoreCase))}?)" : "";
}
