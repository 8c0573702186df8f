using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Finds the newest tick of each channel, from any collector, at the end of the archive.</summary>
internal sealed class ArchiveTail(StreamPositions positions, RecordConsumer consumer)
{
    /// <summary>Number of records read per partition: a few seconds of a busy feed, minutes of a quiet one.</summary>
    private const int RecordsPerPartition = 32;

    /// <summary>The time of the newest live tick in the records read, of any channel, Unix ms, UTC; null when there was none.</summary>
    public long? NewestMs { get; private set; }

    /// <summary>
    /// The time of the first live tick in the partitions that were read, Unix ms, UTC; no collector covered anything before that time. Null
    /// when the beginning of a partition was deleted, or no partition begins with a live tick.
    /// </summary>
    public long? FirstMs { get; private set; }

    /// <summary>Reads the end of the partitions of these channels.</summary>
    /// <returns>
    /// The time of the newest live tick by channel, Unix ms, UTC. Channels without a live tick in the records read are omitted.
    /// </returns>
    /// <exception cref="EventStream.EventStreamException">The archive cannot be read.</exception>
    public async Task<IReadOnlyDictionary<FeedChannel, long>> ReadAsync(
        IReadOnlyCollection<FeedChannel> channels, int partitions, CancellationToken cancellationToken)
    {
        var wanted = channels.ToHashSet();
        var ownPartitions = wanted.Select(channel => channel.Symbol.PartitionOf(partitions)).ToHashSet();
        var bounds = (await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken))
            .Where(partition => ownPartitions.Contains(partition.Partition) && partition.High > partition.Low).ToArray();
        var ranges = bounds
            .Select(partition => new OffsetRange(
                partition.Partition, Math.Max(partition.Low, partition.High - RecordsPerPartition), partition.High))
            .ToArray();
        var newestByChannel = new Dictionary<FeedChannel, long>();
        var reader = new TickBatchReader(new SymbolDictionary());
        await foreach (var record in consumer.ReadAsync(TopicNames.TickArchive, ranges, cancellationToken))
        {
            if (!GapRecord.IsGap(record.Value.Span))
            {
                Read(reader, record.Value, wanted, newestByChannel);
            }
        }

        if (Array.TrueForAll(bounds, partition => partition.Low == 0))
        {
            var firstRecordRanges = bounds.Select(partition => new OffsetRange(partition.Partition, 0, 1)).ToArray();
            await foreach (var record in consumer.ReadAsync(TopicNames.TickArchive, firstRecordRanges, cancellationToken))
            {
                if (!GapRecord.IsGap(record.Value.Span) && ReadFirstMs(reader, record.Value) is { } firstMs)
                {
                    FirstMs = Math.Min(FirstMs ?? firstMs, firstMs);
                }
            }
        }

        return newestByChannel;
    }

    private static long? ReadFirstMs(TickBatchReader reader, ReadOnlyMemory<byte> record)
    {
        try
        {
            Tick tick = default;
            reader.Open(record);
            return reader.Source == TickSource.Live && reader.TryRead(ref tick) ? tick.TimestampMs : null;
        }
        catch (TickBatchFormatException)
        {
            return null;
        }
    }

    private void Read(
        TickBatchReader reader, ReadOnlyMemory<byte> record, HashSet<FeedChannel> wanted, Dictionary<FeedChannel, long> newestByChannel)
    {
        try
        {
            Tick tick = default;
            reader.Open(record);
            while (reader.Source == TickSource.Live && reader.TryRead(ref tick))
            {
                NewestMs = Math.Max(NewestMs ?? tick.TimestampMs, tick.TimestampMs);
                var channel = new FeedChannel(tick.Symbol, tick.Kind);
                if (wanted.Contains(channel))
                {
                    newestByChannel[channel] = Math.Max(newestByChannel.GetValueOrDefault(channel), tick.TimestampMs);
                }
            }
        }
        catch (TickBatchFormatException)
        {
            // The record is damaged; StoreTicks sends it to the dead letters.
        }
    }
}
