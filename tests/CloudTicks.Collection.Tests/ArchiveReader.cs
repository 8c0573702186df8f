using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests;

/// <summary>The fields of an archived tick that tests compare.</summary>
internal sealed record ArchivedTick(string Symbol, long TimestampMs, string Bid, TickFlags Flags, ulong Identity);

/// <summary>Reads the records that were added to a topic after given positions.</summary>
internal sealed class ArchiveReader(string bootstrapServers)
{
    private readonly EventStreamConnection _connection = EventStreamConnection.Parse(bootstrapServers);

    public async Task<IReadOnlyList<PartitionWatermarks>> ReadPositionsAsync(string topic)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await ArchiveTopics.EnsureAsync(_connection, NullLogger.Instance, TimeSpan.FromMinutes(2), TimeProvider.System, cancellation);
        using var positions = new StreamPositions(_connection, TimeProvider.System, NullLogger<StreamPositions>.Instance);
        return await positions.GetWatermarksAsync(topic, cancellation);
    }

    /// <summary>Reads the records after <paramref name="since"/>, in order within each partition.</summary>
    public async Task<List<StreamRecord>> RecordsAsync(string topic, IReadOnlyList<PartitionWatermarks>? since = null)
    {
        var ranges = (await ReadPositionsAsync(topic))
            .Select(now => new OffsetRange(now.Partition, since?[now.Partition].High ?? 0, now.High)).ToArray();
        var records = new List<StreamRecord>();
        var consumer = new RecordConsumer(_connection, TimeProvider.System, NullLogger<RecordConsumer>.Instance);
        await foreach (var record in consumer.ReadAsync(topic, ranges, TestContext.Current.CancellationToken))
        {
            records.Add(record);
        }

        return records;
    }

    /// <summary>Waits until this many ticks follow <paramref name="since"/>; fails if there are more.</summary>
    public async Task UntilTicksAsync(IReadOnlyList<PartitionWatermarks> since, int count)
    {
        int ticks;
        do
        {
            ticks = Ticks(await RecordsAsync(TopicNames.TickArchive, since)).Count;
        }
        while (ticks < count);

        ticks.ShouldBe(count);
    }

    /// <summary>Waits until at least this many records follow <paramref name="since"/>.</summary>
    public async Task UntilRecordsAsync(string topic, IReadOnlyList<PartitionWatermarks> since, int count)
    {
        while ((await RecordsAsync(topic, since)).Count < count)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public static List<ArchivedTick> Ticks(IEnumerable<StreamRecord> records, bool includeBackfilled = false)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        var ticks = new List<ArchivedTick>();
        foreach (var record in records.Where(record => !GapRecord.IsGap(record.Value.Span)))
        {
            reader.Open(record.Value);
            reader.Partition.ShouldBe(record.Origin.Partition);
            (reader.Source == TickSource.Live || (includeBackfilled && reader.Source == TickSource.Backfill)).ShouldBeTrue();
            Tick tick = default;
            while (reader.TryRead(ref tick))
            {
                tick.Symbol.PartitionOf(ArchiveTopics.ArchivePartitions).ShouldBe(record.Origin.Partition);
                ticks.Add(new ArchivedTick(tick.Symbol.Name, tick.TimestampMs, tick.Bid.ToString(), tick.Flags, TickIdentity.Of(tick)));
            }
        }

        return ticks;
    }
}
