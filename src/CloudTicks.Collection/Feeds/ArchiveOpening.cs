using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Feeds;

/// <summary>Waits for the event hub, makes the archive where there is none, and makes sure that it is our feed's.</summary>
internal sealed class ArchiveOpening(
    EventStreamConnection hub, IServiceProvider services, TimeProvider time, ILogger<ArchiveOpening> logger)
{
    private static readonly TimeSpan TopicTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(1);

    /// <summary>Waits for as long as it takes.</summary>
    /// <param name="feed">Our feed.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <returns>The partitions of the archive.</returns>
    /// <exception cref="CollectorException">The archive holds ticks of another feed.</exception>
    public async Task<int> OpenAsync(FeedName feed, CancellationToken stopping)
    {
        long? saidAt = null;
        while (true)
        {
            try
            {
                var partitions = await ArchiveTopics.EnsureAsync(hub, logger, TopicTimeout, stopping);
                await ActivatorUtilities.CreateInstance<FeedMark>(services).CheckAsync(feed, stopping);
                return partitions;
            }
            catch (EventStreamException exception)
            {
                if (saidAt is not { } last || time.GetElapsedTime(last) >= BetweenReminders)
                {
                    saidAt = time.GetTimestamp();
                    logger.HubNotReady(hub, exception.Message);
                }

                await Task.Delay(RetryPause, time, stopping);
            }
        }
    }
}
