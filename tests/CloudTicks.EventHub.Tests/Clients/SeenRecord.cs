using System.Text.Json;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>A record as printed by a client.</summary>
internal sealed record SeenRecord(int Partition, long Offset, string? Key, string? Value, string Feed, string Number)
{
    public static SeenRecord Read(JsonElement json) => new(
        json.GetProperty("partition").GetInt32(), json.GetProperty("offset").GetInt64(), json.GetProperty("key").GetString(),
        json.GetProperty("value").GetString(), json.GetProperty("headers").GetProperty("feed").GetString()!,
        json.GetProperty("headers").GetProperty("number").GetString()!);

    /// <summary>The expected record i of a partition, as in node/records.mjs.</summary>
    public static SeenRecord Expected(int partition, int i) => new(
        partition, i, i % 5 == 0 ? null : $"key {partition}", i % 7 == 0 ? null : $"value {partition} {i}", "simulated", $"{i}");

    /// <summary>Asserts that all records of a topic were read once, in order per partition.</summary>
    public static void ShouldBeAll(JsonElement seen, int partitions, int each)
    {
        var records = seen.EnumerateArray().Select(Read).ToList();
        for (var partition = 0; partition < partitions; partition++)
        {
            records.Where(r => r.Partition == partition).ShouldBe(Enumerable.Range(0, each).Select(i => Expected(partition, i)));
        }

        records.Count.ShouldBe(partitions * each);
    }
}
