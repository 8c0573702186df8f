using System.Globalization;
using System.Text.Json;

namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>Writes results for people, or as one JSON object.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static string Machine => $"{Environment.ProcessorCount} processors, .NET {Environment.Version}";

    public static void WriteJson(TextWriter writer, IReadOnlyList<ComparisonResult> results) =>
        writer.WriteLine(JsonSerializer.Serialize(new { Machine, Results = results }, Json));

    public static void WriteText(TextWriter writer, ComparisonResult result)
    {
        writer.WriteLine(Line($"{result.Title}; {result.Rounds} rounds, {Machine}"));
        writer.WriteLine(Line($"  {"side",-52}{"ticks/s",12}{"slowest",12}{"fastest",12}{"ns/tick",9}{"B/tick",8}"));
        foreach (var side in result.Sides)
        {
            var bytes = side.BytesPerTick is { } allocated ? allocated.ToString("0.##", CultureInfo.InvariantCulture) : "";
            writer.WriteLine(Line(
                $"  {side.Name,-52}{side.TicksPerSecond,12:N0}{side.Slowest,12:N0}{side.Fastest,12:N0}")
                    + Line($"{1e9 / side.TicksPerSecond,9:N0}{bytes,8}"));
        }

        foreach (var ratio in result.Ratios)
        {
            writer.WriteLine(Line(
                $"  ratio {ratio.Ratio:0.00} ({ratio.Lowest:0.00} to {ratio.Highest:0.00}) ")
                    + Line($"to {ratio.Other}: {Words(ratio)} (good {ratio.Good}, goal {ratio.Goal})"));
        }

        writer.WriteLine($"  {result.SameOutput}");
    }

    private static string Words(RatioResult ratio) => ratio.Verdict == "below" ? "below good" : ratio.Verdict;

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
