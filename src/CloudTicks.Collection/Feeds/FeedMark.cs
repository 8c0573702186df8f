using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Feeds;

/// <summary>Prevents simulated and real ticks from sharing a stream: each record names its feed.</summary>
internal sealed class FeedMark(ArchiveFeedReader archive, EventStreamConnection connection, ILogger<FeedMark> logger)
{
    public static string NameOf(FeedName feed) => feed switch
    {
        FeedName.Simulated => "simulated",
        FeedName.Polygon => "polygon",
        _ => throw new ArgumentOutOfRangeException(nameof(feed), feed, "Unknown feed."),
    };

    /// <summary>Reads one record of the archive and compares its feed with this collector's feed.</summary>
    /// <exception cref="CollectorException">The archive holds ticks of another feed.</exception>
    /// <exception cref="EventStreamException">The archive cannot be read.</exception>
    public async Task CheckAsync(FeedName own, CancellationToken cancellationToken)
    {
        if (await archive.ReadAsync(cancellationToken) is not { } newest)
        {
            return;
        }

        if (newest.Feed is null)
        {
            logger.UnmarkedArchive(connection, newest.Origin.Partition, newest.Origin.Offset);
        }
        else if (newest.Feed != NameOf(own))
        {
            throw new CollectorException(
                $"The archive at {connection} holds ticks of the feed '{newest.Feed}', but this collector collects '{NameOf(own)}': the "
                + "two must not be mixed. Point ConnectionStrings:eventhubs at another event hub, or set Collector:FeedName to "
                + $"{newest.Feed} if the ticks are of that feed.");
        }
    }
}
