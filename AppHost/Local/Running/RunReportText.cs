using CloudTicks.Verification;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.AppHost.Local.Running;

internal static class RunReportText
{
    public static IEnumerable<string> Lines(RunReport report)
    {
        yield return report.Ok ? "every tick arrived" : "NOT every tick arrived";
        yield return Invariant($"ticks: {report.FeedSent:N0} sent in {report.Seconds:0.0} s, {report.Received:N0} read, ")
            + Invariant($"{report.Rejected.Values.Sum():N0} refused, {report.Duplicates:N0} repeated");
        yield return Invariant($"ticks: {report.Archived:N0} in the archive, {report.Stored:N0} in the table, ")
            + Invariant($"{report.Published:N0} seen on NATS, {report.Lost:N0} lost");
        yield return $"delay from the socket: to the row {Delays(report.RowLatency)}, to the NATS subscriber {Delays(report.NatsLatency)}";
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
        latency.P50 is null ? "not measured" : Invariant($"median {latency.P50} ms (99 of 100 ticks within {latency.P99} ms)");
}
