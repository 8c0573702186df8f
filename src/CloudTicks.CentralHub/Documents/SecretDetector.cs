using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Detects likely secrets. It errs towards refusal, because every reader can see documents and their history.</summary>
public static partial class SecretDetector
{
    private const int MinDigitLetterChanges = 6;
    private const int LongRunLength = 24;
    private const int MinDigitsOfLongRun = 8;

    /// <summary>The message for a likely secret. It never repeats the value.</summary>
    public const string Message =
        "It looks like a secret. Every reader can see documents and their history, so secrets belong in the environment of the service. "
        + "If it is a secret, replace it with a new one.";

    /// <summary>Returns whether a field's name suggests a secret: <c>api_key</c>, <c>dbPassword</c>.</summary>
    public static bool IsNameOfSecret(string name) => SecretName().IsMatch(CaseChange().Replace(name, "$1_$2"));

    /// <summary>Returns whether a text looks like a secret.</summary>
    /// <returns>True also for some harmless texts.</returns>
    public static bool IsSecret(string text) =>
        KnownForm().IsMatch(text) || (!Guid.TryParse(text, out _) && !OptionSymbol().IsMatch(text) && HasRandomPart(text));

    /// <summary>Adds a fault for each likely secret of a document.</summary>
    internal static void Check(JsonElement value, string place, FaultList faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when IsSecret(value.GetString()!):
                faults.Add(place, Message);
                break;
            case JsonValueKind.Array:
                foreach (var (index, entry) in value.EnumerateArray().Index())
                {
                    Check(entry, JsonPointer.Of(place, index), faults);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    CheckProperty(property, place, faults);
                }

                break;
        }
    }

    private static void CheckProperty(JsonProperty property, string place, FaultList faults)
    {
        if (IsSecret(property.Name))
        {
            // The fault is added for the object, because a pointer to the field would repeat the name.
            faults.Add(place, $"A field's name: {Message}");
        }
        else if (IsNameOfSecret(property.Name))
        {
            faults.Add(
                JsonPointer.Of(place, property.Name),
                $"'{property.Name}' does not belong in a document, which every reader can see: secrets belong in the environment of the "
                + $"service.");
        }
        else
        {
            Check(property.Value, JsonPointer.Of(place, property.Name), faults);
        }
    }

    private static bool HasRandomPart(string text)
    {
        foreach (var run in LongRun().EnumerateMatches(text))
        {
            if (IsRandom(text.AsSpan(run.Index, run.Length)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRandom(ReadOnlySpan<char> run)
    {
        var (upper, lower, digits, digitLetterChanges, classChanges) = (0, 0, 0, 0, 0);
        for (var index = 0; index < run.Length; index++)
        {
            var character = run[index];
            upper += char.IsAsciiLetterUpper(character) ? 1 : 0;
            lower += char.IsAsciiLetterLower(character) ? 1 : 0;
            digits += char.IsAsciiDigit(character) ? 1 : 0;
            if (index > 0)
            {
                var previous = run[index - 1];
                digitLetterChanges += (char.IsAsciiDigit(character) && char.IsAsciiLetter(previous))
                    || (char.IsAsciiLetter(character) && char.IsAsciiDigit(previous)) ? 1 : 0;
                classChanges += CharacterClassOf(character) != CharacterClassOf(previous) ? 1 : 0;
            }
        }

        return digitLetterChanges >= MinDigitLetterChanges
            || (run.Length >= LongRunLength && upper > 0 && lower > 0 && digits > 1
                && (2 * classChanges >= run.Length || digits >= MinDigitsOfLongRun));
    }

    private static int CharacterClassOf(char character) =>
        char.IsAsciiDigit(character) ? 0 : char.IsAsciiLetterUpper(character) ? 1 : char.IsAsciiLetterLower(character) ? 2 : 3;

    [GeneratedRegex("[A-Za-z0-9+_=-]{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex LongRun();

    [GeneratedRegex(@"^O:[A-Za-z0-9.]{1,10}\d{6}[CPcp]\d{8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OptionSymbol();

    [GeneratedRegex("([a-z0-9])([A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex CaseChange();

    [GeneratedRegex(
        @"(^|[_\-. ])(password|passwd|passphrase|pwd|secrets?|token|credentials?"
        + @"|(api|access|account|private|shared|secret|functions|hub|polygon)[_\-. ]?(api[_\-. ]?)?key"
        + @"|connection[_\-. ]?strings?)($|[_\-. ])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // Matches keys of well-known vendors, tokens, connection strings, URLs with a password, PEM keys and long hexadecimal numbers.
    [GeneratedRegex(
        @"-----BEGIN |\bAKIA[0-9A-Z]{12,}|\bAIza[0-9A-Za-z_-]{20,}|\bgh[pousr]_[0-9A-Za-z]{16,}|\bgithub_pat_"
        + @"|\bxox[abprs]-|\bsk[-_](live|test|ant|proj)?[-_]?[0-9A-Za-z]{16,}"
        + @"|\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]+|\bbearer\s+\S{8,}|://[^/\s:@]*:[^/\s@]+@"
        + @"|\b(SharedAccessKey|AccountKey|Password|Pwd|Secret|ApiKey|api_key|token)\s*=\s*\S"
        + @"|(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{32,}(?![0-9A-Za-z])|(secret|api_?key|password|passwd)\S*\d",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KnownForm();
}
