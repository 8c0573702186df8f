using CloudTicks.Polygon.Sessions;

namespace CloudTicks.Collection.Feeds;

/// <summary>The part of the feeds that the detection of stale channels needs.</summary>
internal interface IWatchedFeeds
{
    /// <summary>The subscribed channels, each with the start of its subscription, Unix ms, UTC.</summary>
    public IReadOnlyList<KeyValuePair<FeedChannel, long>> Subscribed();

    /// <summary>
    /// The number of the market's connection to which the channel is assigned; null when the channel is not assigned to this collector.
    /// </summary>
    public int? SlotOf(FeedChannel channel);

    public void Reconnect(FeedChannel channel, string reason);

    /// <summary>Reports channels that went stale although they are subscribed, and stale channels that tick again.</summary>
    public void ReportStaleChannels(IReadOnlyList<CoverageChange> changes);
}
