using CloudTicks.Benchmarks.Comparing.Rounds;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.Latency;

/// <summary>Formats the results as text, or as the table of docs/performance.md.</summary>
internal static class LatencyReport
{
    public static ResultTable Table(IReadOnlyList<LatencyResult> results)
    {
        var table = new ResultTable(
            "ticks/s", "socket to", "steady: p50", "p99", "p99.9", "max, ms", "first 10 s: p50", "p99", "p99.9", "max, ms",
            "fdatasync p99", "steady / fdatasync");
        foreach (var result in results)
        {
            foreach (var steady in result.Steady)
            {
                var start = result.Start.FirstOrDefault(hop => hop.Hop == steady.Hop);
                table.Add(
                    $"{result.Rate:N0}", $"{steady.Hop}",
                    $"{steady.P50Ms:N0}", $"{steady.P99Ms:N0}", $"{steady.P999Ms:N0}", $"{steady.MaxMs:N0}",
                    $"{start?.P50Ms:N0}", $"{start?.P99Ms:N0}", $"{start?.P999Ms:N0}", $"{start?.MaxMs:N0}",
                    $"{result.Machine.FlushP99Ms:0.00}", $"{steady.P99Ms / result.Machine.FlushP99Ms:0.0}");
            }
        }

        return table;
    }

    public static void WriteText(TextWriter writer, LatencyResult result)
    {
        writer.WriteLine(Invariant($"{result.Rate:N0} ticks/s; {result.Seconds:0} s; {JsonReport.Machine}"));
        writer.WriteLine(Invariant(
            $"  {"ms from the socket to",-32}{"ticks",12}{"p50",9}{"p99",9}{"p99.9",9}{"max",9}   p99 / p99 of fdatasync"));
        Write(writer, "", result.Steady, result);
        Write(writer, ", first 10 s", result.Start, result);
        writer.WriteLine(
            Invariant($"  the machine: fdatasync p50 {result.Machine.FlushP50Ms:0.00} ms, p99 {result.Machine.FlushP99Ms:0.00} ms; ")
                + Invariant($"{result.Machine.DecodeNs:0} ns an event; load average {result.Machine.LoadAverage:0.0}"));
    }

    private static void Write(TextWriter writer, string when, IReadOnlyList<HopPercentiles> hops, LatencyResult result)
    {
        foreach (var hop in hops)
        {
            writer.WriteLine(
                Invariant($"  {hop.Hop + when,-32}{hop.Ticks,12:N0}{hop.P50Ms,9:N0}{hop.P99Ms,9:N0}{hop.P999Ms,9:N0}{hop.MaxMs,9:N0}")
                    + Invariant($"   {hop.P99Ms / result.Machine.FlushP99Ms:0.0}"));
        }
    }
}
