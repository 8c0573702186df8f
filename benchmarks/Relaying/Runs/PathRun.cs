using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.Benchmarks.Ingest;
using CloudTicks.Benchmarks.Relaying.Clients;
using CloudTicks.Benchmarks.Relaying.Feed;
using CloudTicks.Benchmarks.Soak;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>
/// Measures the whole path: a simulator, a collector, the event hub and the relay, each in its own process. A tick's latency is the time
/// from its receipt, which the collector records in ms, until a client of the relay has read the event.
/// </summary>
internal static class PathRun
{
    private const int Rate = 5_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    public static async IAsyncEnumerable<RelayingRow> RunAsync(
        RelayingPlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var system = await RelayedSystem.StartAsync(cancellationToken);
        var received = new Dictionary<(string Symbol, long Sequence), double>();
        await using var client = await CountingClient.ConnectAsync(
            system.Relay, "stocks", cancellationToken, message => Receive(message, received));
        await client.SubscribeAsync(["T.*", "Q.*"], cancellationToken);
        var eventsBeforeFeed = client.Events;
        await using var simulator = await ServiceProgram.StartAsync(
            "SimulatorProgram",
            new Dictionary<string, string?>
            {
                ["Simulator__Rate"] = Rate.ToString(CultureInfo.InvariantCulture),
                ["DOTNET_gcServer"] = "0",
            },
            cancellationToken);
        await using var collector = await ServiceProgram.StartAsync(
            "CollectorProgram", CollectorSettings(system, simulator.Address), cancellationToken);

        using var poll = new PeriodicTimer(PollInterval);
        while (client.Events == eventsBeforeFeed)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }

        await Task.Delay(RelayingPlan.WarmUp, TimeProvider.System, cancellationToken);
        var (processor, started, fromMs) = (system.Processor, Stopwatch.GetTimestamp(), NowMs());
        await Task.Delay(plan.Time, TimeProvider.System, cancellationToken);
        var (shares, toMs) = (ProcessorShares.Between(processor, system.Processor, Stopwatch.GetElapsedTime(started)), NowMs());
        var machine = MachineFigures.Measure(system.Folder);
        using (var http = new HttpClient())
        {
            using var stopResponse = await http.PostAsync(new Uri(simulator.Address, "api/v1/stop"), null, cancellationToken);
        }

        await Task.Delay(DrainTime, TimeProvider.System, cancellationToken);
        yield return Row(system, received, fromMs, toMs, machine, shares);
    }

    private static RelayingRow Row(
        RelayedSystem system, Dictionary<(string Symbol, long Sequence), double> received, double fromMs, double toMs,
        MachineFigures machine, ProcessorShares shares)
    {
        var (latencies, missing) = (new Latencies(), 0);
        using var archive = new WireClient(system.Hub);
        ArchivedTicks.Read(archive, QuoteProducer.Topic, new long[QuoteProducer.Partitions], (_, record) =>
        {
            Tick tick = default;
            while (record.TryRead(ref tick))
            {
                if (tick.ReceivedMs < fromMs || tick.ReceivedMs >= toMs)
                {
                    continue;
                }

                if (received.TryGetValue((tick.Symbol.Name, tick.Sequence), out var atMs))
                {
                    latencies.Add(atMs - tick.ReceivedMs);
                }
                else
                {
                    missing++;
                }
            }
        });
        return latencies.ToRow(
            FormattableString.Invariant($"{Rate:N0} ticks/s, from the socket"), "p99 20 ms", machine,
            shares, missing == 0 ? null : $"The client did not receive {missing} ticks.");
    }

    private static Dictionary<string, string?> CollectorSettings(RelayedSystem system, Uri simulator) => new()
    {
        ["CLOUDTICKS_LIBRDKAFKA"] = Environment.GetEnvironmentVariable("CLOUDTICKS_LIBRDKAFKA"),
        ["ConnectionStrings__eventhubs"] = system.Hub.ToString(),
        ["POLYGON_API_KEY"] = "benchmark",
        ["Polygon__Endpoint"] = new UriBuilder(simulator) { Scheme = "ws" }.Uri.ToString(),
        ["Collector__FeedName"] = "simulated",
        ["Collector__Symbols"] = string.Join(',', SyntheticTicks.StockNames),
        ["Collector__DataFolder"] = Path.Combine(system.Folder, "collector"),
        ["DOTNET_gcServer"] = "0",
    };

    private static double NowMs() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    private static void Receive(ReadOnlySpan<byte> message, Dictionary<(string Symbol, long Sequence), double> received)
    {
        var nowMs = NowMs();
        Sequences.Read(message, (symbol, sequence) => received[(Encoding.UTF8.GetString(symbol), sequence)] = nowMs);
    }
}
