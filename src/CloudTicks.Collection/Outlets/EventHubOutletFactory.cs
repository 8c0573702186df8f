using CloudTicks.Collection.Counters;
using CloudTicks.Collection.EventHub;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Redis;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Pacing;
using CloudTicks.EventStream.Producing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Outlets;

internal sealed class EventHubOutletFactory(
    EventStreamConnection hub, IOptions<EventHubsOptions> limits, ArchiveInitializer archive, FeedMark mark, Func<RecordProducer> connect,
    CollectorCounters counters, TimeProvider time, ILogger<OutletFactory> logger, RedisOutlet? redis = null)
{
    /// <summary>Waits for the event hub and creates the outlet to it. The wait has no limit unless the archive was seen before.</summary>
    /// <exception cref="CollectorException">The archive holds ticks of another feed, or the folder cannot be used.</exception>
    public async Task<Outlet> OpenAsync(CollectorOptions options, DataFolder folder, CancellationToken cancellationToken)
    {
        var spoolFolders = new SpoolFolders(folder, logger);
        if (new RememberedArchive(folder, hub, options.FeedName).Hub is { } remembered)
        {
            spoolFolders.MarkFolderOfEarlierVersion(SpoolFolders.EventHub, SpoolDestination.FromRemembered(remembered));
        }

        var partitions = await archive.OpenAsync(options.FeedName, folder, cancellationToken);
        var lostArchive = new LostArchive(hub, options.FeedName, partitions, mark, time, logger);
        if (!archive.IsHubUnavailable)
        {
            await lostArchive.FindLossAsync(cancellationToken);
        }

        var spoolFolder = spoolFolders.Choose(SpoolFolders.EventHub, SpoolDestination.Of(hub, lostArchive.Identity));
        var sink = new RebuildingSink(connect, FeedMark.NameOf(options.FeedName), hub, lostArchive, counters, time, logger);
        return new Outlet
        {
            Name = hub.ToString(),
            Sink = sink,
            Owned = sink,
            PrepareAsync = archive.IsHubUnavailable ? null : sink.PrepareAsync,
            Partitions = partitions,
            Pace = hub.IsEventHubs ? new AdaptiveLinger(limits.Value.EventsPerSecond, partitions, time) : null,
            Spool = spoolFolder,
            Redis = redis,
        };
    }
}
