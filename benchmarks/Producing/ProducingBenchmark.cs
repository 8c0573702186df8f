using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.Benchmarks.Ingest;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Native;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.Benchmarks.Producing;

/// <summary>Compares our producer with librdkafka and Confluent.Kafka.</summary>
internal static class ProducingBenchmark
{
    private const string Native = "librdkafka, one prepared record per tick";
    private const string Managed = "Confluent.Kafka, one prepared record per tick";

    private static readonly int[] PartitionCounts = [1, 8, 32];

    public static async IAsyncEnumerable<ComparisonResult> RunAsync(
        TickFrames frames, int repeats, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        Environment.SetEnvironmentVariable(Librdkafka.PathVariable, installation.Librdkafka);
        foreach (var partitions in PartitionCounts)
        {
            var folder = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
            try
            {
                yield return await CompareAsync(
                    folder.FullName, frames, repeats, partitions, rounds, installation.Librdkafka, cancellationToken);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task<ComparisonResult> CompareAsync(
        string folder, TickFrames frames, int repeats, int partitions, int rounds, string library, CancellationToken cancellationToken)
    {
        await using var hub = await HubProgram.StartAsync(Path.Combine(folder, "hub"), cancellationToken);
        using var client = new WireClient(hub.Address);
        var ticks = (long)frames.Ticks * repeats;
        using var single = SingleTicks.Of(frames, partitions);
        var expected = single.Digest(repeats);
        await using var ours = new PackedSide(
            EventStreamConnection.Parse(hub.Address.ToString()), new TickPacker(frames, partitions), repeats);
        using var native = new LibrdkafkaSide(library, hub.Address.ToString(), single, repeats);
        using var managed = new ConfluentSide(hub.Address.ToString(), single, repeats);
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{partitions} partition{(partitions == 1 ? "" : "s")}: {ticks:N0} ticks, {single.Bytes / frames.Ticks} B per single-tick "
                + $"record, acks=all, idempotent");
        return await new Comparison(
            title,
            [
                new Side("ours, prepared batches", Checked("ready", ours.SendReadyAsync)),
                new Side(Native, Checked("native", native.RunAsync)),
                new Side(Managed, Checked("managed", managed.RunAsync)),
                new Side("ours, packing included", Checked("packed", ours.PackAndSendAsync)),
            ],
            [new Target(Native, 5, 20), new Target(Managed, 5, 20)]).RunAsync(
                rounds, $"after every pass the records were read back, with identical ticks in the same order per partition: {expected}",
                cancellationToken);

        Func<CancellationToken, Task<Pass>> Checked(string name, Func<string, CancellationToken, Task<TimeSpan>> produce)
        {
            var offsets = new long[partitions];
            client.CreateTopic(name, partitions);
            return async stop =>
            {
                SystemCalls.FlushAll();
                var elapsed = await produce(name, stop);
                var found = new TickDigest(partitions);
                ArchivedTicks.Read(client, name, offsets, found.Add);
                return found.ToString() == expected
                    ? new Pass(ticks, elapsed)
                    : throw new BenchmarkException($"{name} wrote {found}, but {expected} were sent.");
            };
        }
    }
}
