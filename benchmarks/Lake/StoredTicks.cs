using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Writing;
using CloudTicks.Timescale;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>Stores archive records in the table, with the writer that StoreTicks uses, for comparison with the lake.</summary>
internal static class StoredTicks
{
    /// <summary>The settings: without retention, because recorded ticks are years old.</summary>
    public static readonly Dictionary<string, string?> Settings = new() { [nameof(TimescaleOptions.RetentionWindow)] = "" };

    /// <summary>Stores records.</summary>
    /// <returns>The number of rows.</returns>
    public static async Task<long> StoreAsync(
        BenchmarkDatabase database, IEnumerable<(int Partition, ReadOnlyMemory<byte> Value)> records, CancellationToken cancellationToken)
    {
        var partitions = records.GroupBy(record => record.Partition)
            .Select(partition => new TickRecords(partition.Key, [.. partition.Select(record => record.Value)])).ToList();
        await using var side = new TickStoreSide(database, partitions);
        return await side.StoreAsync(cancellationToken);
    }
}
