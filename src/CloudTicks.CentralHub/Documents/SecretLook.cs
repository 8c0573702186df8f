using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Recognises likely secrets, erring towards refusal, because documents and their history are readable.</summary>
public static partial class SecretLook
{
    private const int FewestMixedChanges = 6;
    private const int LongRun = 24;
    private const int ManyDigits = 8;

    /// <summary>What is said of such a value, which is never repeated.</summary>
    public const string Sentence =
        "It looks like a secret, and a document shows it to every reader and keeps it in its history: secrets come from the environment "
            + "of the service alone. "
        + "If it was one, it has been sent here in the open: replace it.";

    /// <summary>Whether a name asks for a secret: <c>api_key</c>, <c>dbPassword</c>.</summary>
    public static bool IsNameOfSecret(string name) => SecretName().IsMatch(Humps().Replace(name, "$1_$2"));

    /// <summary>Whether a text looks like one.</summary>
    /// <returns>True when it does; now and then also of a text that is none.</returns>
    public static bool IsSecret(string text) =>
        KnownForm().IsMatch(text) || (!Guid.TryParse(text, out _) && !OptionSymbol().IsMatch(text) && HasDrawnPart(text));

    /// <summary>Finds everything in a document that looks like one.</summary>
    internal static void Check(JsonElement value, string place, FaultList faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when IsSecret(value.GetString()!):
                faults.Add(place, Sentence);
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
            // The pointer would repeat it.
            faults.Add(place, $"The name of a field: {Sentence}");
        }
        else if (IsNameOfSecret(property.Name))
        {
            faults.Add(
                JsonPointer.Of(place, property.Name),
                $"'{property.Name}' has no place in a document, which shows it to every reader: secrets come from the environment of the "
                    + $"service alone.");
        }
        else
        {
            Check(property.Value, JsonPointer.Of(place, property.Name), faults);
        }
    }

    private static bool HasDrawnPart(string text)
    {
        foreach (var run in Run().EnumerateMatches(text))
        {
            if (IsDrawn(text.AsSpan(run.Index, run.Length)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDrawn(ReadOnlySpan<char> run)
    {
        var (upper, lower, digits, mixed, changes) = (0, 0, 0, 0, 0);
        for (var index = 0; index < run.Length; index++)
        {
            var letter = run[index];
            upper += char.IsAsciiLetterUpper(letter) ? 1 : 0;
            lower += char.IsAsciiLetterLower(letter) ? 1 : 0;
            digits += char.IsAsciiDigit(letter) ? 1 : 0;
            if (index > 0)
            {
                var before = run[index - 1];
                mixed += (char.IsAsciiDigit(letter) && char.IsAsciiLetter(before))
                    || (char.IsAsciiLetter(letter) && char.IsAsciiDigit(before)) ? 1 : 0;
                changes += ClassOf(letter) != ClassOf(before) ? 1 : 0;
            }
        }

        return mixed >= FewestMixedChanges
            || (run.Length >= LongRun && upper > 0 && lower > 0 && digits > 1 && (2 * changes >= run.Length || digits >= ManyDigits));
    }

    private static int ClassOf(char letter) =>
        char.IsAsciiDigit(letter) ? 0 : char.IsAsciiLetterUpper(letter) ? 1 : char.IsAsciiLetterLower(letter) ? 2 : 3;

    [GeneratedRegex("[A-Za-z0-9+_=-]{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex Run();

    [GeneratedRegex(@"^O:[A-Za-z0-9.]{1,10}\d{6}[CPcp]\d{8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OptionSymbol();

    [GeneratedRegex("([a-z0-9])([A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Humps();

    [GeneratedRegex(
        @"(^|[_\-. ])(password|passwd|passphrase|pwd|secrets?|token|credentials?"
        + @"|(api|access|account|private|shared|secret|functions|hub|polygon)[_\-. ]?(api[_\-. ]?)?key"
        + @"|connection[_\-. ]?strings?)($|[_\-. ])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // Keys of well-known makers, tokens, connection strings, addresses with a password, keys in PEM, long hexadecimal numbers.
    [GeneratedRegex(
        @"-----BEGIN |\bAKIA[0-9A-Z]{12,}|\bAIza[0-9A-Za-z_-]{20,}|\bgh[pousr]_[0-9A-Za-z]{16,}|\bgithub_pat_"
        + @"|\bxox[abprs]-|\bsk[-_](live|test|ant|proj)?[-_]?[0-9A-Za-z]{16,}"
        + @"|\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]+|\bbearer\s+\S{8,}|://[^/\s:@]*:[^/\s@]+@"
        + @"|\b(SharedAccessKey|AccountKey|Password|Pwd|Secret|ApiKey|api_key|token)\s*=\s*\S"
        + @"|(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{32,}(?![0-9A-Za-z])|(secret|api_?key|password|passwd)\S*\d",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KnownForm();
}
