using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.EventHub;

/// <summary>Waits for the event hub, makes the archive where there is none, and makes sure that it is our feed's.</summary>
internal sealed class ArchiveOpening(EventStreamConnection hub, FeedMark mark, TimeProvider time, ILogger<ArchiveOpening> logger)
{
    private static readonly TimeSpan TopicTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Ticks are missed meanwhile.</summary>
    private static readonly TimeSpan RememberedTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>Whether it went on without the event hub, from what was remembered.</summary>
    public bool IsHubAway { get; private set; }

    /// <summary>Waits for as long as it takes, unless the archive was seen before: then what comes is spooled.</summary>
    /// <exception cref="CollectorException">The archive holds ticks of another feed.</exception>
    public async Task<int> OpenAsync(FeedName feed, DataFolder folder, CancellationToken stopping)
    {
        var remembered = new RememberedArchive(folder, hub, feed);
        var outage = new OutageLog(time);
        while (true)
        {
            try
            {
                var partitions = await ArchiveTopics.EnsureAsync(
                    hub, logger, remembered.Partitions is null ? TopicTimeout : RememberedTimeout, time, stopping);
                await mark.CheckAsync(feed, stopping);
                remembered.Write(partitions);
                return partitions;
            }
            catch (EventStreamException exception) when (remembered.Partitions is { } partitions)
            {
                logger.StartsWithoutHub(hub, exception.Message);
                IsHubAway = true;
                return partitions;
            }
            catch (EventStreamException exception)
            {
                if (outage.Failed(out _) != OutageNotice.None)
                {
                    logger.HubNotReady(hub, exception.Message);
                }

                await Task.Delay(RetryPause, time, stopping);
            }
        }
    }
}
