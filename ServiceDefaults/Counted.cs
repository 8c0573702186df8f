using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.Extensions.Hosting;

/// <summary>A count before its noun: <c>1 tick</c>, <c>2,300 ticks</c>.</summary>
public static partial class Counted
{
    private const string Nouns =
        "archive|batch|byte|candle|channel|check|chunk|client|collector|connection|contract|copy|day|difference|element|"
        + "error|event|failure|fault|file|flag|gap|group|hour|key|letter|line|list|market|member|message|minute|mistake|node|"
        + "outage|page|part|partition|place|price|problem|process|project|record|request|row|run|second|segment|server|"
        + "service|step|symbol|system|test|tick|time|topic|trade|user|version|warning";

    private static readonly Dictionary<string, string> Verbs = new()
    {
        ["are"] = "is",
        ["were"] = "was",
        ["have"] = "has",
        ["wait"] = "waits",
        ["stay"] = "stays",
        ["tick"] = "ticks",
    };

    /// <summary>Returns a count with its noun in the singular or plural.</summary>
    public static string Of(long count, string noun) =>
        Agree(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(noun[^1] is 's' or 'h' ? "es" : "s")}"));

    /// <summary>
    /// Changes nouns that follow a count of 1 from plural to singular, and the verb after such a noun or after its size in parentheses.
    /// </summary>
    public static string Agree(string sentence) =>
        sentence.Contains("1 ", StringComparison.Ordinal) ? One().Replace(sentence, Singular) : sentence;

    private static string Singular(Match match) =>
        $"1 {match.Groups["which"].Value}{match.Groups["noun"].Value}{match.Groups["size"].Value}"
        + (match.Groups["verb"] is { Success: true, Value: var verb } ? $" {Verbs[verb]}" : "");

    [GeneratedRegex(
        @"(?<![\w.,:/+-])1 (?<which>(?!(?:of|to|and|or|in|for|from|at) )(?:[a-z]+ )?)(?<noun>" + Nouns + @")e?s\b"
            + @"(?<size> \([^()]*\))?(?: (?<verb>are|were|have|wait|stay|tick)\b)?")]
    private static partial Regex One();
}
