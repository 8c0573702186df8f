using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.WholePath;

/// <summary>Formats the results as text, or as the table of docs/performance.md.</summary>
internal static class RunReport
{
    /// <summary>The goal for the whole path, ticks/s.</summary>
    private const double Goal = 100_000;

    public static void WriteHead(TextWriter writer, string time)
    {
        writer.WriteLine($"{JsonReport.Machine}, {time} a run");
        writer.WriteLine("   ticks/s  stored/s   ratio to goal      lost  row p50/p99 ms  nats p50/p99 ms  drained");
    }

    public static void WriteText(TextWriter writer, AppHostRun run)
    {
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Rate,10:N0}{run.StoredPerSecond,10:N0}{run.StoredPerSecond / Goal,16:0.00}{run.Lost,10:N0}"
                + $"{run.RowLatency,16}{run.NatsLatency,17}{run.DrainSeconds,8:0.0} s{(run.Ok ? "" : "  NOT OK")}"));
        foreach (var problem in run.Problems)
        {
            writer.WriteLine($"           {problem}");
        }
    }

    public static ResultTable Table(IReadOnlyList<AppHostRun> runs)
    {
        var table = new ResultTable(
            "requested, ticks/s", "stored, ticks/s", "ratio to the goal", "lost", "socket to row, p50 / p99 ms",
            "socket to NATS subscriber, p50 / p99 ms", "drained, s");
        foreach (var run in runs)
        {
            table.Add(
                $"{run.Rate:N0}", $"{run.StoredPerSecond:N0}", $"{run.StoredPerSecond / Goal:0.00}", $"{run.Lost:N0}",
                $"{run.RowLatency}", $"{run.NatsLatency}", $"{run.DrainSeconds:0.0}");
        }

        return table;
    }
}
