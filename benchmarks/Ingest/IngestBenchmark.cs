using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.Benchmarks.Ingest;

/// <summary>Compares the rate from a WebSocket to the event hub's acknowledgement with the busiest second of a market.</summary>
internal static class IngestBenchmark
{
    /// <summary>The busiest second of 2024 on the Nasdaq tape: 403,572 quotes and 119,536 trades.</summary>
    private const double TapeTicksPerSecond = 523_000;

    private const string Tape = "Nasdaq's busiest second of 2024";
    private const string LibrdkafkaVariable = "CLOUDTICKS_LIBRDKAFKA";
    private const string Topic = "tick_archive";

    private static readonly int[] PartitionCounts = [1, 8, 32];

    public static async IAsyncEnumerable<ComparisonResult> RunAsync(
        TickFrames frames, int repeats, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        Environment.SetEnvironmentVariable(LibrdkafkaVariable, installation.Librdkafka);
        foreach (var partitions in PartitionCounts)
        {
            var folder = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
            try
            {
                yield return await CompareAsync(folder.FullName, frames, repeats, partitions, rounds, cancellationToken);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task<ComparisonResult> CompareAsync(
        string folder, TickFrames frames, int repeats, int partitions, int rounds, CancellationToken cancellationToken)
    {
        await using var hub = await HubProgram.StartAsync(Path.Combine(folder, "hub"), cancellationToken);
        using var client = new WireClient(hub.Address);
        client.CreateTopic(Topic, partitions);
        await using var feed = await PreparedFeed.StartAsync(frames, cancellationToken);
        await using var ours = await CollectorSide.StartAsync(feed, hub.Address, repeats, cancellationToken);
        var ticks = (long)frames.Ticks * repeats;
        var tape = new Side(Tape, _ => Task.FromResult(new Pass(ticks, TimeSpan.FromSeconds(ticks / TapeTicksPerSecond))));
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{ticks:N0} ticks, {frames.Bytes / frames.Ticks} B each, {partitions} partition{(partitions == 1 ? "" : "s")}");
        var result = await new Comparison(
            title, [new Side("ours, collector and event hub", ours.RunAsync), tape], [new Target(Tape, 0.5, 1)]).RunAsync(
            rounds, "after every pass the hub had acknowledged every sent tick, and after the last pass every sent tick was read back",
            cancellationToken);
        var sent = ticks * (rounds + 1);
        var found = ArchivedTicks.Count(client, Topic, partitions);
        return found == sent ? result : throw new BenchmarkException($"The hub holds {found} ticks, but {sent} were sent.");
    }
}
