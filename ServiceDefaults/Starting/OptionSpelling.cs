namespace Microsoft.Extensions.Hosting;

/// <summary>Recognises a misspelt option and suggests the option that was probably meant.</summary>
public static class OptionSpelling
{
    /// <summary>A third of the letters may differ: <c>--db-server</c> is similar to <c>--server</c>, <c>--nope</c> to nothing.</summary>
    private const int CharactersPerError = 3;

    /// <summary>Error messages quote at most this many characters of an argument.</summary>
    private const int MaxQuotedCharacters = 60;

    // Word processors and web pages replace hyphens with these.
    private const string Dashes = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212";

    /// <summary>
    /// Whether an argument looks like an option: a dash and a name. A negative number, a lone <c>-</c> and a sentence do not.
    /// </summary>
    public static bool IsOption(string text)
    {
        var name = NameOf(text);
        return name.Length > 1 && Dashes.Contains(name[0], StringComparison.Ordinal) && !name.Any(char.IsWhiteSpace)
            && !char.IsAsciiDigit(name[1]) && name[1] != '.';
    }

    /// <summary>The message that rejects an option.</summary>
    /// <param name="place">The command or program that has no such option.</param>
    public static string Refusal(string text, string place, IReadOnlyCollection<string> known)
    {
        var name = NameOf(text) is { Length: > MaxQuotedCharacters } whole ? whole[..MaxQuotedCharacters] + "..." : NameOf(text);
        return Nearest(name, known) is { } nearest ? $"{name} is not an option of {place}; did you mean {nearest}?"
            : $"{name} is not an option of {place}; the options are {string.Join(", ", known)}.";
    }

    /// <summary>The most similar option; null if none is similar.</summary>
    internal static string? Nearest(string name, IReadOnlyCollection<string> known)
    {
        var letters = Letters(name);
        var (distance, nearest) = known.Select(option => (Distance: Distance(letters, Letters(option)), Option: option))
            .DefaultIfEmpty((int.MaxValue, ""))
            .MinBy(candidate => candidate.Item1);
        return distance <= Math.Max(1, letters.Length / CharactersPerError) ? nearest : null;
    }

    private static string NameOf(string text) => text.Split('=', 2)[0];

    private static string Letters(string name) => name.TrimStart([.. Dashes]).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>The edit distance, in which swapping two adjacent letters counts as one edit.</summary>
    private static int Distance(string left, string right)
    {
        var edits = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                edits[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[left.Length, right.Length];
    }
}
