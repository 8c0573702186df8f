using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.Soak;

/// <summary>Runs the collector, the simulator and the event hub, each in its own process, and samples their memory.</summary>
internal static class SoakRun
{
    private const string LibrdkafkaVariable = "CLOUDTICKS_LIBRDKAFKA";
    private const string Topic = "tick_archive";
    private const int Partitions = 32;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(2);

    public static async Task<SoakResult> RunAsync(int rate, TimeSpan time, CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        var folder = Directory.CreateTempSubdirectory("cloudticks-soak-");
        try
        {
            await using var hub = await HubProgram.StartAsync(Path.Combine(folder.FullName, "hub"), cancellationToken);
            await using var simulator = await ServiceProgram.StartAsync(
                "SimulatorProgram", new Dictionary<string, string?> { ["Simulator__Rate"] = rate.ToString(CultureInfo.InvariantCulture) },
                cancellationToken);
            await using var collector = await ServiceProgram.StartAsync(
                "CollectorProgram",
                new Dictionary<string, string?>
                {
                    [LibrdkafkaVariable] = installation.Librdkafka,
                    ["ConnectionStrings__eventhubs"] = hub.Address.ToString(),
                    ["POLYGON_API_KEY"] = "soak",
                    ["Polygon__Endpoint"] = new UriBuilder(simulator.Address) { Scheme = "ws" }.Uri.ToString(),
                    ["Collector__FeedName"] = "simulated",
                    ["Collector__DataFolder"] = Path.Combine(folder.FullName, "collector"),
                },
                cancellationToken);
            return await SoakAsync(hub, simulator, collector, rate, time, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<SoakResult> SoakAsync(
        HubProgram hub, ServiceProgram simulator, ServiceProgram collector, int rate, TimeSpan time, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        await UntilAsync(
            async () => (await StatusAsync(http, collector, cancellationToken)).GetProperty("archived").GetInt64() > 0, cancellationToken);
        MemorySamples[] memory = [new("simulator", simulator.Pid), new("collector", collector.Pid), new("event hub", hub.Pid)];
        await SampleAsync(memory, time, cancellationToken);

        var earlyTime = TimeSpan.FromMinutes(1) < time / 2 ? TimeSpan.FromMinutes(1) : time / 2;
        using var stopResponse = await http.PostAsync(new Uri(simulator.Address, "api/v1/stop"), null, cancellationToken);
        using var report = JsonDocument.Parse(await stopResponse.Content.ReadAsStringAsync(cancellationToken));
        var sent = TickTotals.ReadSent(report.RootElement);
        var status = await DrainAsync(http, collector, sent.Ticks, cancellationToken);
        using var client = new WireClient(hub.Address);
        var archived = TickTotals.ReadArchive(client, Topic, Partitions);
        var outages = status.GetProperty("outages").EnumerateObject().ToDictionary(
            outage => outage.Name, outage => outage.Value.GetProperty("count").GetInt64());
        return new SoakResult(
            rate, time.TotalSeconds, earlyTime.TotalSeconds, sent, archived, outages,
            [.. memory.Select(process => new ProcessMemory(process.Name, process.At(earlyTime), process.At(time), process.Max))]);
    }

    private static async Task SampleAsync(MemorySamples[] memory, TimeSpan time, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var lastLineAt = TimeSpan.Zero;
        using var timer = new PeriodicTimer(SampleInterval);
        for (var elapsed = TimeSpan.Zero; elapsed < time; elapsed = Stopwatch.GetElapsedTime(started))
        {
            Array.ForEach(memory, process => process.Sample(elapsed));
            if (elapsed - lastLineAt >= LineInterval)
            {
                lastLineAt = elapsed;
                await Console.Error.WriteLineAsync(
                    Invariant($"{elapsed.TotalSeconds,6:0} s  ")
                        + string.Join("  ", memory.Select(process => Invariant($"{process.Name} {process.Newest / 1e6:N0} MB"))));
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<JsonElement> DrainAsync(
        HttpClient http, ServiceProgram collector, long ticks, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(DrainTime);
        JsonElement status = default;
        try
        {
            await UntilAsync(
                async () =>
                {
                    status = await StatusAsync(http, collector, timeout.Token);
                    return status.GetProperty("archived").GetInt64() >= ticks;
                },
                timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(
                $"The collector has not archived all ticks within {DrainTime.TotalSeconds:0} s: {status}");
        }

        return status;
    }

    private static async Task<JsonElement> StatusAsync(HttpClient http, ServiceProgram collector, CancellationToken cancellationToken)
    {
        if (collector.HasEnded)
        {
            throw new BenchmarkException($"The collector has exited: {collector.LogTail}");
        }

        using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri(collector.Address, "api/v1/status"), cancellationToken));
        return status.RootElement.Clone();
    }

    private static async Task UntilAsync(Func<Task<bool>> reached, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await reached())
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }
}
