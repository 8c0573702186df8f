using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.EventStream.Consuming;

/// <summary>Determines the feed of the archive's ticks from the header of a record.</summary>
public sealed class ArchiveFeedReader(StreamPositions positions, RecordConsumer records)
{
    /// <summary>Reads the newest record of one partition that has records.</summary>
    /// <returns>The record's position, and its feed (null when the record has no header with the feed); null while the archive is
    /// empty.</returns>
    /// <exception cref="EventStreamException">The archive cannot be read.</exception>
    public async Task<(RecordOrigin Origin, string? Feed)?> ReadAsync(CancellationToken cancellationToken)
    {
        var watermarks = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var nonEmptyPartitions = watermarks.Where(partition => partition.High > partition.Low).Take(1).ToArray();
        if (nonEmptyPartitions.Length == 0)
        {
            return null;
        }

        var lastRecordRange = new OffsetRange(nonEmptyPartitions[0].Partition, nonEmptyPartitions[0].High - 1, nonEmptyPartitions[0].High);
        await foreach (var record in records.ReadAsync(TopicNames.TickArchive, [lastRecordRange], cancellationToken))
        {
            return (record.Origin, record.HeaderText(HeaderNames.Feed));
        }

        return null;
    }
}
