using System.Text.Json;
using CloudTicks.CentralHub.Spelling;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Values as sentences show them: short, on one line, and never what looks like a secret.</summary>
public static class Shown
{
    private const int MostLetters = 60;

    /// <summary>A text, in quotation marks.</summary>
    public static string Text(string text)
    {
        if (SecretLook.IsSecret(text))
        {
            return "a text that is not repeated here";
        }

        var line =
            string.Concat(text.Take(MostLetters).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
        return text.Length > MostLetters ? $"'{line}...'" : $"'{line}'";
    }

    /// <summary>Any value.</summary>
    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value.GetString()!),
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is { Length: > MostLetters } digits ? digits[..MostLetters] + "..." : value.GetRawText(),
    };

    /// <summary>What was probably meant, as the end of a sentence; empty when nothing is like it.</summary>
    public static string Meant(string written, IEnumerable<string> known) =>
        written.Length <= MostLetters
            && NearestName.Of(written.ToLowerInvariant(), known.Select(name => name.ToLowerInvariant())) is { } nearest
            ? $" (did you mean {known.First(name => name.Equals(nearest, StringComparison.OrdinalIgnoreCase))}?)" : "";
}
