using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.EventHub;

/// <summary>Waits for the event hub, creates a missing archive, and checks that the archive belongs to this feed.</summary>
internal sealed class ArchiveInitializer(EventStreamConnection hub, FeedMark mark, TimeProvider time, ILogger<ArchiveInitializer> logger)
{
    private static readonly TimeSpan TopicTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long to wait for the event hub if the archive was seen before. Shorter than <see cref="TopicTimeout"/>, because ticks are missed
    /// during the wait.
    /// </summary>
    private static readonly TimeSpan RememberedArchiveTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Whether <see cref="OpenAsync"/> returned the remembered partition count, because the event hub was unavailable.</summary>
    public bool IsHubUnavailable { get; private set; }

    /// <summary>
    /// Waits for the archive and returns its partition count. If an earlier run saw the archive, the wait is short, and the remembered
    /// partition count is returned when the event hub stays unavailable. Otherwise the wait has no limit.
    /// </summary>
    /// <exception cref="CollectorException">The archive holds ticks of another feed, or the folder cannot be written.</exception>
    public async Task<int> OpenAsync(FeedName feed, DataFolder folder, CancellationToken stopping)
    {
        var rememberedArchive = new RememberedArchive(folder, hub, feed);
        var outage = new OutageLog(time);
        while (true)
        {
            try
            {
                var partitions = await ArchiveTopics.EnsureAsync(
                    hub, logger, rememberedArchive.Partitions is null ? TopicTimeout : RememberedArchiveTimeout, time, stopping);
                await mark.CheckAsync(feed, stopping);
                rememberedArchive.Write(partitions);
                return partitions;
            }
            catch (EventStreamException exception) when (rememberedArchive.Partitions is { } partitions)
            {
                logger.StartsWithoutHub(hub, exception.Message);
                IsHubUnavailable = true;
                return partitions;
            }
            catch (EventStreamException exception)
            {
                if (outage.Failed(out _) != OutageNotice.None)
                {
                    logger.HubNotReady(hub, exception.Message);
                }

                await Task.Delay(RetryDelay, time, stopping);
            }
        }
    }
}
