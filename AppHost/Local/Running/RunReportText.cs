using CloudTicks.Verification;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.AppHost.Local.Running;

internal static class RunReportText
{
    public static IEnumerable<string> Lines(RunReport report)
    {
        yield return report.Ok ? "every tick arrived" : "NOT every tick arrived";
        yield return Invariant($"sent {report.FeedSent:N0} in {report.Seconds:0.0} s, read {report.Received:N0}, ")
            + Invariant($"refused {report.Rejected.Values.Sum():N0}, repeats {report.Duplicates:N0}");
        yield return Invariant($"in the archive {report.Archived:N0}, in the table {report.Stored:N0}, ")
            + Invariant($"seen on NATS {report.Published:N0}, lost {report.Lost:N0}");
        yield return $"delay from the socket to the row {Delays(report.RowLatency)}, to the NATS subscriber {Delays(report.NatsLatency)}";
        foreach (var (part, count) in report.Circumstances.Restarts)
        {
            yield return $"{part} was restarted {Counted.Of(count, "time")}";
        }

        foreach (var sentence in report.Notes.Concat(report.Problems))
        {
            yield return sentence;
        }
    }

    private static string Delays(LatencySummary latency) =>
        latency.P50 is null ? "not measured" : Invariant($"{latency.P50} ms (99 of 100 within {latency.P99} ms)");
}
