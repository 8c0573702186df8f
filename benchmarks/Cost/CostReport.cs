using System.Globalization;
using System.Text.Json;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>Writes results for people, or as one JSON object.</summary>
internal static class CostReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static string Machine => $"{Environment.ProcessorCount} processors, .NET {Environment.Version}";

    public static void WriteJson(TextWriter writer, IReadOnlyList<CostResult> results) =>
        writer.WriteLine(JsonSerializer.Serialize(new { Machine, Results = results }, Json));

    public static void WriteText(TextWriter writer, CostResult result)
    {
        writer.WriteLine(Line($"{result.Rate:N0} ticks/s; {result.Stored:N0} rows in {result.Seconds:0} s; {Machine}"));
        writer.WriteLine(Line($"  {"process",-12}{"% of a core",12}{"us/tick",10}{"switches/s",12}{"MB",8}  system calls/s, under strace"));
        foreach (var process in result.Processes)
        {
            var calls = string.Join(", ", process.SystemCalls.Select(call => Line($"{call.Call} {call.PerSecond:N0}")));
            writer.WriteLine(
                Line($"  {process.Name,-12}{process.ProcessorPercent,12:0.0}{process.MicrosecondsPerTick,10:0.0}")
                    + Line($"{process.ContextSwitches,12:N0}{process.Megabytes,8:N0}  {calls}"));
        }

        writer.WriteLine(Line($"  {"own",-12}{result.OwnPercent,12:0.0}  without simulator and AppHost"));
        foreach (var hop in result.Latency.Where(hop => hop.P50Ms is not null))
        {
            writer.WriteLine(Line($"  {hop.Hop}: p50 {hop.P50Ms:0} ms, p99 {hop.P99Ms:0} ms"));
        }

        writer.WriteLine(
            Line($"  the machine: fdatasync p50 {result.Machine.FlushP50Ms:0.00} ms, p99 {result.Machine.FlushP99Ms:0.00} ms; ")
                + Line($"{result.Machine.DecodeNs:0} ns an event; load average {result.Machine.LoadAverage:0.0}"));
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
