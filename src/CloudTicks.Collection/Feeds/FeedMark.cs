using CloudTicks.EventStream;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Feeds;

/// <summary>Sees to it that simulated and real ticks never come into one stream: each record names its feed.</summary>
internal sealed class FeedMark(
    StreamPositions positions, RecordConsumer consumer, EventStreamConnection connection, ILogger<FeedMark> logger)
{
    /// <summary>The feed's name in headers and reports.</summary>
    public static string Text(FeedName feed) => feed switch
    {
        FeedName.Simulated => "simulated",
        FeedName.Polygon => "polygon",
        _ => throw new ArgumentOutOfRangeException(nameof(feed), feed, "No such feed."),
    };

    /// <summary>Reads one record of the archive and compares.</summary>
    /// <exception cref="CollectorException">The archive holds ticks of another feed.</exception>
    /// <exception cref="EventStreamException">The archive cannot be read.</exception>
    public async Task CheckAsync(FeedName own, CancellationToken cancellationToken)
    {
        var watermarks = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var filled = watermarks.Where(partition => partition.High > partition.Low).Take(1).ToArray();
        if (filled.Length == 0)
        {
            return;
        }

        var last = new OffsetRange(filled[0].Partition, filled[0].High - 1, filled[0].High);
        await foreach (var record in consumer.ReadAsync(TopicNames.TickArchive, [last], cancellationToken))
        {
            var mark = record.HeaderText(HeaderNames.Feed);
            if (mark is null)
            {
                logger.UnmarkedArchive(connection, record.Origin.Partition, record.Origin.Offset);
            }
            else if (mark != Text(own))
            {
                throw new CollectorException(
                    $"The archive at {connection} holds ticks of the feed '{mark}', and this collector brings those of '{Text(own)}': they must "
                    + $"not be mixed. Point ConnectionStrings:eventhubs at another event hub or data folder, or set Collector:FeedName to {mark} "
                    + "if the ticks are of that feed.");
            }
        }
    }
}
