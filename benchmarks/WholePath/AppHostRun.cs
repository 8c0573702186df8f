using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.WholePath;

/// <summary>What one run of AppHost reported.</summary>
/// <param name="Ok">Every tick arrived.</param>
/// <param name="StoredPerSecond">
/// Distinct ticks in the table, by the seconds that the feed ran and the seconds until the table had caught up.
/// </param>
/// <param name="Lost">Ticks that did not arrive.</param>
/// <param name="RowLatency">From the socket to the commit, p50/p99 in ms.</param>
/// <param name="NatsLatency">From the socket to the subscriber, p50/p99 in ms.</param>
/// <param name="DrainSeconds">From the end of the feed to the end of the verification, start-up excluded.</param>
internal sealed record AppHostRun(bool Ok, double StoredPerSecond, long Lost, string RowLatency, string NatsLatency, double DrainSeconds)
{
    public static async Task<AppHostRun> RunAsync(int rate, string time, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
        try
        {
            return await RunAsync(rate, time, data.FullName, cancellationToken);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<AppHostRun> RunAsync(int rate, string time, string data, CancellationToken cancellationToken)
    {
        var program = typeof(AppHostRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(value => value.Key == "AppHostProgram").Value!;
        var report = "";
        var feedEnded = 0L;
        var lastWords = new Queue<string>();
        var options = new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [program, "--for", time, "--rate", rate.ToString(CultureInfo.InvariantCulture), "--data", data, "--json"],
            Inherited = ChildVariables.All,
            OnOutput = line => report = line,
            OnError = line =>
            {
                lastWords.Enqueue(line);
                if (lastWords.Count > 5)
                {
                    lastWords.Dequeue();
                }

                feedEnded = line.Contains("the feed has ended", StringComparison.Ordinal) ? Stopwatch.GetTimestamp() : feedEnded;
            },
        };
        await ChildProcess.RunAsync(options, cancellationToken);
        var drain = feedEnded == 0 ? 0 : Stopwatch.GetElapsedTime(feedEnded).TotalSeconds;
        if (!report.StartsWith('{'))
        {
            throw new InvalidOperationException($"AppHost gave no report: {string.Join(" / ", lastWords)}");
        }

        using var json = JsonDocument.Parse(report);
        var root = json.RootElement;
        var latency = root.GetProperty("latency_ms");
        return new AppHostRun(
            root.GetProperty("ok").GetBoolean(),
            root.GetProperty("stored").GetInt64() / root.GetProperty("seconds").GetDouble(),
            root.GetProperty("lost").GetInt64(),
            Percentiles(latency.GetProperty("row")),
            Percentiles(latency.GetProperty("nats")),
            drain);
    }

    private static string Percentiles(JsonElement latency) => $"{latency.GetProperty("p50")}/{latency.GetProperty("p99")}";
}
