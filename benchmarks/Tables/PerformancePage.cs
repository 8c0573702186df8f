using System.Text.RegularExpressions;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Tables;

/// <summary>
/// The text of docs/performance.md. A program's output is between <c>&lt;!-- table: NAME --&gt;</c> and
/// <c>&lt;!-- end of table --&gt;</c>; all else is written by people and stays as it is.
/// </summary>
internal static partial class PerformancePage
{
    private const string End = "<!-- end of table -->";

    /// <summary>The tables that have a place, in their order.</summary>
    public static IReadOnlyList<string> Tables(string page) => [.. Place().Matches(page).Select(place => place.Groups["name"].Value)];

    /// <summary>Puts a table into its place; what was there goes.</summary>
    /// <exception cref="BenchmarkException">The page does not have exactly one place for it.</exception>
    public static string Write(string page, string name, string table)
    {
        var places = Place().Matches(page).Where(place => place.Groups["name"].Value == name).ToList();
        if (places.Count != 1)
        {
            throw new BenchmarkException(
                $"docs/performance.md has {places.Count} places for the table {name}; it needs one: {Begin(name)} ... {End}");
        }

        var place = places[0];
        return $"{page[..place.Index]}{Begin(name)}\n{table.Trim()}\n{End}{page[(place.Index + place.Length)..]}";
    }

    private static string Begin(string name) => $"<!-- table: {name} -->";

    /// <summary>A place that is not closed is none: it must not reach into the next one.</summary>
    [GeneratedRegex("<!-- table: (?<name>[a-z0-9-]+) -->(?:(?!<!-- table: ).)*?<!-- end of table -->", RegexOptions.Singleline)]
    private static partial Regex Place();
}
