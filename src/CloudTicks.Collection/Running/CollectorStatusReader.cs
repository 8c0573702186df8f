using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Liveness;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Measures;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Running;

internal sealed class CollectorStatusReader(
    IOptions<CollectorOptions> options, MarketFeeds markets, WantedChannels wanted, CollectionRun run, FeedSessions sessions,
    GapService gaps, StaleSymbols stale, CollectorCounters counters, FrameQueue frames, PolygonMetrics polygon, TimeProvider time)
{
    /// <summary>The counts of all ticks since the start, by the time from receipt to the event hub's acknowledgement.</summary>
    public CollectorLatencyCounts ReadLatency() => new(counters.ArchiveLatency.CountsSinceStart());

    public CollectorStatus Read() => Read(markets.GetStatus(), time.GetUtcNow().ToUnixTimeMilliseconds());

    private CollectorStatus Read(IReadOnlyDictionary<string, MarketFeedStatus> feeds, long nowMs) => new()
    {
        Feed = FeedMark.NameOf(options.Value.FeedName),
        Connected = feeds.ToDictionary(feed => feed.Key, feed => feed.Value.IsConnected),
        Refused = feeds.Where(feed => feed.Value.Failure is not null).ToDictionary(feed => feed.Key, feed => feed.Value.Failure!),
        Outages = feeds.ToDictionary(feed => feed.Key, feed => new OutageStatus(feed.Value.Outages, feed.Value.OutageMs)),
        Connections = feeds,
        Selection = wanted.GetStatus(),
        Gaps = gaps.GetStatus(),
        RateLimit = new RateLimitStatus(polygon.RateLimitViolations, polygon.LastRateLimitViolationMs),
        Replica = sessions.Group?.GetStatus(),
        Outlet = run.Outlet?.GetStatus(),
        Stale = stale.Reported,
        Spool = run.Delivery?.GetStatus(),
        HubAwayMs = (long?)run.Delivery?.UnavailableFor?.TotalMilliseconds,
        HubAwayReason = run.Delivery?.UnavailableReason,
        FirstTickMs = counters.FirstTickMs,
        Received = counters.Received,
        Rejected = Enum.GetValues<TickRejection>().Where(reason => counters.Rejected(reason) > 0)
            .ToDictionary(reason => reason.Name(), counters.Rejected),
        RejectedDistinct = counters.RejectedDistinct,
        Ignored = counters.OtherEvents.Snapshot(),
        Unselected = counters.Unselected,
        Archived = counters.Archived,
        ArchivedRecords = counters.ArchivedRecords,
        InFlight = counters.InFlight,
        Latency = new CollectorLatency(
            options.Value.AgeCheck ? HopLatency.Of(counters.FeedLatency, nowMs) : null, HopLatency.Of(counters.ArchiveLatency, nowMs)),
        QueuedBytes = frames.Bytes,
        QueuedBytesLimit = frames.MaxBytes,
        Crossed = counters.Crossed,
        Late = counters.Late,
        Future = counters.Future,
        // ToArray locks the dictionary. LINQ alone would copy it without a lock, and fail when a symbol is added meanwhile.
        Symbols = counters.Symbols.ToArray().OrderBy(symbol => symbol.Key.Name, StringComparer.Ordinal)
            .ToDictionary(symbol => symbol.Key.Name, symbol => StatusOf(symbol.Value, nowMs)),
    };

    private static SymbolStatus StatusOf(SymbolActivity activity, long nowMs) =>
        new(activity.Received, $"{activity.Sum:x16}", Math.Max(0, nowMs - activity.LastReceivedMs));
}
