using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>The live ticks of the archive, read from its records of the time of a gap on.</summary>
internal sealed class ArchivedLiveTicks(
    StreamPositions positions, RecordConsumer consumer, int partitions, Func<TimeSpan> lookBack, TimeProvider time) : ILiveTicks
{
    /// <summary>A record may have been written so long before the time of its ticks, by clocks that differ.</summary>
    private const long MarginMs = 60_000;

    public async Task RemoveDeliveredAsync(FeedGap gap, FetchedTicks fetched, CancellationToken cancellationToken)
    {
        // Nothing older than the look-back is fetched: recorded times must not make it read the archive from its beginning.
        var writtenMs = Math.Max(gap.FromMs - MarginMs, (time.GetUtcNow() - lookBack()).ToUnixTimeMilliseconds());
        var partition = gap.Symbol.PartitionOf(partitions);
        var since = await positions.GetOffsetsSinceAsync(TopicNames.TickArchive, writtenMs, cancellationToken);
        var watermarks =
            (await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken)).Single(one => one.Partition == partition);
        var range = new OffsetRange(partition, Math.Max(watermarks.Low, since[partition]), watermarks.High);
        var reader = new TickBatchReader(new SymbolDictionary());
        await foreach (var record in consumer.ReadAsync(TopicNames.TickArchive, [range], cancellationToken))
        {
            if (!GapRecord.IsGap(record.Value.Span))
            {
                Remove(reader, record.Value, gap, fetched);
            }
        }
    }

    private static void Remove(TickBatchReader reader, ReadOnlyMemory<byte> record, FeedGap gap, FetchedTicks fetched)
    {
        try
        {
            Tick tick = default;
            reader.Open(record);
            while (reader.Source == TickSource.Live && reader.TryRead(ref tick))
            {
                if (tick.Kind == gap.Kind && tick.TimestampMs >= gap.FromMs && tick.TimestampMs <= gap.ToMs
                    && tick.Symbol.Equals(gap.Symbol))
                {
                    fetched.Remove(tick);
                }
            }
        }
        catch (TickBatchFormatException)
        {
            // Not readable for anybody else either: its ticks are not delivered.
        }
    }
}
