using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Compaction;

/// <summary>A compacted topic of one partition, and the records that were written to it.</summary>
internal sealed class CompactedTopic : IDisposable
{
    public const string Name = "states";

    public HubFolder Folder { get; } = new();

    public TestClock Clock { get; } = new();

    public List<(long Offset, string? Key, string? Value)> Written { get; } = [];

    public void Dispose() => Folder.Dispose();

    public static TopicSettings Settings(string policy = "compact") => new() { SegmentBytes = 64 * 1024, CleanupPolicy = policy };

    /// <summary>True for the newest record of its key before an offset.</summary>
    public bool IsNewestBefore((long Offset, string? Key, string? Value) record, long before) =>
        record.Offset < before && Written.Last(r => r.Key == record.Key && r.Offset < before).Offset == record.Offset;

    public TestStorage Open(FaultyDisk? disk = null, long minFreeBytes = 0, long compactionMemory = 1 << 20) =>
        new(Folder.Data, disk, minFreeBytes: minFreeBytes, time: Clock, compactionMemory: compactionMemory);

    /// <summary>Writes records with random keys in batches of ten, and closes the storage.</summary>
    public async Task FillAsync(TopicSettings settings, int rounds, RecordCodec codec = RecordCodec.None, int keys = 40)
    {
        await using var storage = Open();
        if (!storage.Hub.Topics.Find(Name, out _))
        {
            await storage.CreateAsync(Name, 1, settings);
        }

        var random = new Random(rounds);
        for (var i = 0; i < rounds * 4; i++)
        {
            var padding = new byte[375];
            random.NextBytes(padding);
            var value = Convert.ToHexString(padding);
            var records = Enumerable.Range(0, 10).Select(n => ((string?)$"key {random.Next(keys)}", (string?)$"{i} {n} {value}"));
            await AppendAsync(storage, [.. records], codec);
        }
    }

    /// <summary>Fills the growing segment, so that a new segment begins.</summary>
    public async Task RollAsync(TestStorage storage)
    {
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(storage, [("roll", new string('x', 16_000))]);
        }
    }

    public async Task<long> AppendAsync(
        TestStorage storage, IReadOnlyList<(string? Key, string? Value)> records, RecordCodec codec = RecordCodec.None)
    {
        var (error, offset) = await storage.AppendAsync(Name, 0, KeyedBatches.Of(records, Clock.Now, codec));
        error.ShouldBe(ErrorCode.None);
        Written.AddRange(records.Select((r, i) => (offset + i, r.Key, r.Value)));
        return offset;
    }
}
