using CloudTicks.Benchmarks.Comparing.Rounds;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>Formats the results as text, or as the table of docs/performance.md.</summary>
internal static class CostReport
{
    /// <summary>
    /// The goals, by rate: the maximum percentage of a core that our processes may use together with PostgreSQL and NATS.
    /// </summary>
    private static readonly Dictionary<int, int> Goals = new() { [0] = 2, [100] = 10, [1_000] = 30, [5_000] = 60, [50_000] = 120 };

    /// <summary>The usage as a percentage of a core, with a row for each rate.</summary>
    public static ResultTable Table(IReadOnlyList<CostResult> results)
    {
        var names = results.SelectMany(result => result.Processes).Select(process => process.Name).Distinct().ToList();
        var table = new ResultTable(["ticks/s", .. names, "own", "goal", "us", "switches", "MB", "B/tick"]);
        foreach (var result in results)
        {
            var own = result.Processes.Where(process => process.IsOwn).ToList();
            table.Add([
                $"{result.Rate:N0}",
                .. names.Select(name => result.Processes.FirstOrDefault(process => process.Name == name))
                    .Select(process => (FormattableString)$"{process?.ProcessorPercent:0.0}"),
                $"{result.OwnPercent:0.0}", $"{(Goals.TryGetValue(result.Rate, out var goal) ? $"{goal}" : "")}",
                $"{own.Sum(process => process.MicrosecondsPerTick):0}", $"{own.Sum(process => process.ContextSwitches):N0}",
                $"{own.Sum(process => process.Megabytes):N0}", $"{result.ArchiveBytesPerTick:0}"]);
        }

        return table;
    }

    public static void WriteText(TextWriter writer, CostResult result)
    {
        writer.WriteLine(Invariant($"{result.Rate:N0} ticks/s; {result.Stored:N0} rows in {result.Seconds:0} s; {JsonReport.Machine}"));
        writer.WriteLine(
            Invariant($"  {"process",-12}{"% of a core",12}{"us/tick",10}{"switches/s",12}{"MB",8}  system calls/s, under strace"));
        foreach (var process in result.Processes)
        {
            var calls = string.Join(", ", process.SystemCalls.Select(call => Invariant($"{call.Call} {call.PerSecond:N0}")));
            writer.WriteLine(
                Invariant($"  {process.Name,-12}{process.ProcessorPercent,12:0.0}{process.MicrosecondsPerTick,10:0.0}")
                    + Invariant($"{process.ContextSwitches,12:N0}{process.Megabytes,8:N0}  {calls}"));
        }

        writer.WriteLine(Invariant($"  {"own",-12}{result.OwnPercent,12:0.0}  without simulator and AppHost"));
        writer.WriteLine(Invariant($"  archive: {result.ArchiveBytesPerTick:0} B/tick"));
        foreach (var hop in result.Latency.Where(hop => hop.P50Ms is not null))
        {
            writer.WriteLine(Invariant($"  {hop.Hop}: p50 {hop.P50Ms:0} ms, p99 {hop.P99Ms:0} ms"));
        }

        writer.WriteLine(
            Invariant($"  the machine: fdatasync p50 {result.Machine.FlushP50Ms:0.00} ms, p99 {result.Machine.FlushP99Ms:0.00} ms; ")
                + Invariant($"{result.Machine.DecodeNs:0} ns an event; load average {result.Machine.LoadAverage:0.0}"));
    }
}
