using CloudTicks.Polygon.Sessions;

namespace CloudTicks.Collection.Feeds;

/// <summary>The feeds, as far as the watch for quiet channels needs them.</summary>
internal interface IWatchedFeeds
{
    /// <summary>The channels whose subscription stands, and since when, Unix ms, UTC.</summary>
    public IReadOnlyList<KeyValuePair<FeedChannel, long>> Subscribed();

    /// <summary>The number of the connection, of its market, that is to hold a channel; null when it is not wanted.</summary>
    public int? SlotOf(FeedChannel channel);

    public void Reconnect(FeedChannel channel, string why);

    /// <summary>Tells of channels whose subscription stands and whose ticks are missing all the same, or come again.</summary>
    public void ReportDoubts(IReadOnlyList<CoverageChange> doubts);
}
