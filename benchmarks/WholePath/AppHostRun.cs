using System.Diagnostics;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Running;

namespace CloudTicks.Benchmarks.WholePath;

/// <summary>The report of one run of AppHost.</summary>
/// <param name="Ok">Whether every tick arrived.</param>
/// <param name="StoredPerSecond">
/// Distinct ticks in the table, divided by the time from the start of the feed until the table had caught up.
/// </param>
/// <param name="Lost">The number of ticks that did not arrive.</param>
/// <param name="RowLatency">From the socket to the commit, p50/p99 in ms.</param>
/// <param name="NatsLatency">From the socket to the subscriber, p50/p99 in ms.</param>
/// <param name="Problems">The problems in AppHost's report, a sentence each.</param>
/// <param name="DrainSeconds">Seconds from the end of the feed to the end of the verification.</param>
internal sealed record AppHostRun(
    int Rate, bool Ok, double StoredPerSecond, long Lost, string RowLatency, string NatsLatency, double DrainSeconds,
    IReadOnlyList<string> Problems)
{
    public static async Task<AppHostRun> RunAsync(int rate, string time, CancellationToken cancellationToken)
    {
        await using var system = await MeasuredSystem.StartAsync(rate, time: time);
        var report = await system.WaitForReportAsync(cancellationToken);
        var drainSeconds = system.FeedEndedAt == 0 ? 0 : Stopwatch.GetElapsedTime(system.FeedEndedAt).TotalSeconds;
        var latency = report.GetProperty("latency_ms");
        return new AppHostRun(
            rate,
            report.GetProperty("ok").GetBoolean(),
            report.GetProperty("stored").GetInt64() / report.GetProperty("seconds").GetDouble(),
            report.GetProperty("lost").GetInt64(),
            Percentiles(latency.GetProperty("row")),
            Percentiles(latency.GetProperty("nats")),
            drainSeconds,
            report.TryGetProperty("problems", out var problems)
                ? [.. problems.EnumerateArray().Select(problem => problem.GetString()!)]
                : []);
    }

    private static string Percentiles(JsonElement latency) => $"{latency.GetProperty("p50")}/{latency.GetProperty("p99")}";
}
