using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>Compares the event hub with writing the same batches to a file.</summary>
internal static class HubBenchmark
{
    /// <summary>The event hub's limit per connection: with this many unanswered produce requests, it reads no further ones.</summary>
    private const int InFlight = 16;

    /// <summary>The number of passes before the first round, during which the event hub compiles its hot code.</summary>
    private const int WarmUpPasses = 8;

    private const string Grouped = "fdatasync per 16 batches";
    private const string Alone = "fdatasync per batch";

    private static readonly int[] PartitionCounts = [1, 8, 32];

    public static async IAsyncEnumerable<ComparisonResult> RunAsync(
        PackedBatches packed, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var partitions in PartitionCounts)
        {
            var folder = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
            try
            {
                yield return await CompareAsync(folder.FullName, packed, partitions, rounds, cancellationToken);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task<ComparisonResult> CompareAsync(
        string folder, PackedBatches packed, int partitions, int rounds, CancellationToken cancellationToken)
    {
        await using var hub = await HubProgram.StartAsync(Path.Combine(folder, "hub"), cancellationToken);
        using var client = new WireClient(hub.Address);
        var expected = BatchDigest.Of(packed.Batches.Select(batch => new ReadOnlyMemory<byte>(batch)), partitions);
        var ours = new HubSide(client, packed, partitions, InFlight, expected);
        var grouped = new FileSide(folder, packed, partitions, InFlight, expected);
        var alone = new FileSide(folder, packed, partitions, 1, expected);
        for (var pass = 0; pass < WarmUpPasses; pass++)
        {
            await ours.RunAsync(cancellationToken);
        }

        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{packed.Ticks:N0} ticks in {packed.Batches.Count:N0} batches, {partitions} partition{(partitions == 1 ? "" : "s")}");
        return await new Comparison(
            title,
            [new Side("ours, the event hub", ours.RunAsync), new Side(Grouped, grouped.RunAsync), new Side(Alone, alone.RunAsync)],
            [new Target(Grouped, 0.6, 0.9), new Target(Alone, 0.6, 0.9)]).RunAsync(
                rounds, $"after every pass the hub's topic and the file were read back, with identical partitions: {expected}",
                cancellationToken);
    }
}
