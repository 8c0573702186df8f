using System.Text;
using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Documents;

/// <summary>
/// Translates a schema's JavaScript patterns to .NET expressions that run in linear time. Look-around and back-references, which the
/// linear-time engine of .NET does not support, are refused.
/// </summary>
internal static class SchemaPattern
{
    private const int MaxLength = 1_000;

    // A value whose check takes longer does not match. Matching is linear, so only a starved machine can exceed the limit.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">The pattern is not a valid expression.</exception>
    /// <exception cref="NotSupportedException">The pattern is too long, or cannot run in linear time.</exception>
    public static Regex Read(string pattern) => pattern.Length <= MaxLength
        ? new Regex(Translate(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeLimit)
        : throw new NotSupportedException($"It has more than {MaxLength} characters.");

    // In .NET '$' also matches before a line feed at the end, and \d and \w match digits and letters of every script.
    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        var isInClass = false;
        for (var index = 0; index < pattern.Length; index++)
        {
            var character = pattern[index];
            if (character == '\\' && index + 1 < pattern.Length)
            {
                text.Append(Escape(pattern[++index], isInClass));
                continue;
            }

            isInClass = character == '[' || (isInClass && character != ']');
            text.Append(character == '$' && !isInClass ? @"\z" : character);
        }

        return text.ToString();
    }

    private static string Escape(char character, bool isInClass) => (character, isInClass) switch
    {
        ('d', true) => "0-9",
        ('w', true) => "A-Za-z0-9_",
        ('d', false) => "[0-9]",
        ('w', false) => "[A-Za-z0-9_]",
        ('D', false) => "[^0-9]",
        ('W', false) => "[^A-Za-z0-9_]",
        _ => $"\\{character}",
    };
}
