using System.Text.RegularExpressions;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Tables;

/// <summary>
/// The text of docs/performance.md. A program's output is between <c>&lt;!-- table: NAME --&gt;</c> and <c>&lt;!-- end of table --&gt;</c>;
/// all other text is written by hand and stays unchanged.
/// </summary>
internal static partial class PerformancePage
{
    private const string EndMarker = "<!-- end of table -->";

    /// <summary>The names of the tables that the page contains, in order.</summary>
    public static IReadOnlyList<string> Tables(string page) => [.. Place().Matches(page).Select(place => place.Groups["name"].Value)];

    /// <summary>Replaces a table of the page.</summary>
    /// <exception cref="BenchmarkException">The page does not contain the table's markers exactly once.</exception>
    public static string Write(string page, string name, string table)
    {
        var places = Place().Matches(page).Where(place => place.Groups["name"].Value == name).ToList();
        if (places.Count != 1)
        {
            throw new BenchmarkException(
                $"docs/performance.md has {places.Count} places for the table {name} instead of one: {Begin(name)} ... {EndMarker}");
        }

        var place = places[0];
        return $"{page[..place.Index]}{Begin(name)}\n{table.Trim()}\n{EndMarker}{page[(place.Index + place.Length)..]}";
    }

    private static string Begin(string name) => $"<!-- table: {name} -->";

    /// <summary>A marker whose end marker is missing does not match: a match must not extend into the next table.</summary>
    [GeneratedRegex("<!-- table: (?<name>[a-z0-9-]+) -->(?:(?!<!-- table: ).)*?<!-- end of table -->", RegexOptions.Singleline)]
    private static partial Regex Place();
}
