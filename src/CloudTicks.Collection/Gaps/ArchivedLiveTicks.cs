using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Finds live ticks in the archive, starting at the beginning of a gap.</summary>
internal sealed class ArchivedLiveTicks(
    StreamPositions positions, RecordConsumer consumer, int partitions, Func<TimeSpan> lookBack, TimeProvider time) : ILiveTicks
{
    /// <summary>Maximum clock difference: a record may be written this long before the time of its ticks.</summary>
    private const long MarginMs = 60_000;

    public async Task RemoveDeliveredAsync(FeedGap gap, FetchedTicks fetched, CancellationToken cancellationToken)
    {
        // No tick older than the look-back is fetched, so older records need not be read. Without this bound, the old times of a replay
        // would cause a read of the whole archive.
        var writtenMs = Math.Max(gap.FromMs - MarginMs, (time.GetUtcNow() - lookBack()).ToUnixTimeMilliseconds());
        var partition = gap.Symbol.PartitionOf(partitions);
        var startOffsets = await positions.GetOffsetsSinceAsync(TopicNames.TickArchive, writtenMs, cancellationToken);
        var watermarks =
            (await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken)).Single(one => one.Partition == partition);
        var range = new OffsetRange(partition, Math.Max(watermarks.Low, startOffsets[partition]), watermarks.High);
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
            // The record is damaged and cannot be read by any consumer, so its ticks were not delivered.
        }
    }
}
