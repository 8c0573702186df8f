using System.Globalization;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>Formats the results as text, or as the table of docs/performance.md.</summary>
internal static class Report
{
    public static ResultTable Table(IReadOnlyList<ComparisonResult> results)
    {
        var table = new ResultTable("what", "other side", "ratio (range)", "ours, ticks/s", "B/tick", "other, ticks/s", "good", "goal");
        foreach (var result in results)
        {
            var ours = result.Sides[0];
            foreach (var ratio in result.Ratios)
            {
                var other = result.Sides.First(side => side.Name == ratio.Other);
                table.Add(
                    $"{result.Title}", $"{ratio.Other}", $"{ratio.Ratio:0.00} ({ratio.Lowest:0.00} to {ratio.Highest:0.00})",
                    $"{ours.TicksPerSecond:N0}", $"{ours.BytesPerTick:0.##}", $"{other.TicksPerSecond:N0}", $"{ratio.Good}",
                    $"{ratio.Goal}");
            }

            // These sides were also measured, but have no target.
            foreach (var side in result.Sides.Skip(1).Where(side => result.Ratios.All(ratio => ratio.Other != side.Name)))
            {
                table.Add($"{result.Title}", $"{side.Name}", $"", $"", $"", $"{side.TicksPerSecond:N0}", $"", $"");
            }
        }

        return table;
    }

    public static void WriteText(TextWriter writer, ComparisonResult result)
    {
        writer.WriteLine(Invariant($"{result.Title}; {result.Rounds} rounds, {JsonReport.Machine}"));
        writer.WriteLine(Invariant($"  {"side",-52}{"ticks/s",12}{"slowest",12}{"fastest",12}{"ns/tick",9}{"B/tick",8}"));
        foreach (var side in result.Sides)
        {
            var bytes = side.BytesPerTick is { } allocated ? allocated.ToString("0.##", CultureInfo.InvariantCulture) : "";
            writer.WriteLine(Invariant(
                $"  {side.Name,-52}{side.TicksPerSecond,12:N0}{side.Slowest,12:N0}{side.Fastest,12:N0}")
                    + Invariant($"{1e9 / side.TicksPerSecond,9:N0}{bytes,8}"));
        }

        foreach (var ratio in result.Ratios)
        {
            writer.WriteLine(Invariant(
                $"  ratio {ratio.Ratio:0.00} ({ratio.Lowest:0.00} to {ratio.Highest:0.00}) ")
                    + Invariant($"to {ratio.Other}: {Describe(ratio)} (good {ratio.Good}, goal {ratio.Goal})"));
        }

        writer.WriteLine($"  {result.SameOutput}");
    }

    private static string Describe(RatioResult ratio) => ratio.Verdict == "below" ? "below good" : ratio.Verdict;
}
