using CloudTicks.Benchmarks.Comparing.Rounds;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.Soak;

/// <summary>Formats the results as text, or as the table of docs/performance.md.</summary>
internal static class SoakReport
{
    public static ResultTable Table(SoakResult result)
    {
        var table = new ResultTable(
            "process", $"MB after {result.EarlySeconds:0} s", $"MB after {result.Seconds:0} s", "max MB", "ratio", "good", "goal",
            "ticks/s sent", "ticks missing");
        foreach (var process in result.Processes)
        {
            table.Add(
                $"{process.Name}", $"{process.Early / 1e6:N0}", $"{process.End / 1e6:N0}", $"{process.Max / 1e6:N0}",
                $"{process.Ratio:0.00}", $"{ProcessMemory.Good}", $"{ProcessMemory.Goal}", $"{result.Sent.Ticks / result.Seconds:N0}",
                $"{result.Sent.Ticks - result.Archived.Ticks:N0}");
        }

        return table;
    }

    public static void WriteText(TextWriter writer, SoakResult result)
    {
        writer.WriteLine(
            Invariant($"{result.Rate:N0} ticks/s requested, {result.Sent.Ticks / result.Seconds:N0} sent, ")
                + Invariant($"for {result.Seconds:0} s; {JsonReport.Machine}"));
        writer.WriteLine(
            Invariant($"  {"process",-12}{$"MB after {result.EarlySeconds:0} s",18}{"MB at the end",16}{"max MB",10}{"ratio",8}"));
        foreach (var process in result.Processes)
        {
            writer.WriteLine(
                Invariant($"  {process.Name,-12}{process.Early / 1e6,18:N0}{process.End / 1e6,16:N0}{process.Max / 1e6,10:N0}")
                    + Invariant($"{process.Ratio,8:0.00}  {Verdict(process.Ratio)}"));
        }

        var sessions = string.Join(", ", result.Outages.Select(outage => Invariant($"{outage.Key}: {outage.Value}")));
        writer.WriteLine(
            Invariant($"  {result.Sent.Ticks:N0} ticks sent, {result.Archived.Ticks:N0} in the archive, ")
                + Invariant($"{result.Sent.Ticks - result.Archived.Ticks:N0} missing; ")
                + $"{(result.IsComplete ? "the same ticks" : "NOT the same ticks")}; sessions that ended: {sessions}");
    }

    private static string Verdict(double ratio) =>
        ratio <= ProcessMemory.Goal ? "goal" : ratio <= ProcessMemory.Good ? "good" : "above good";
}
