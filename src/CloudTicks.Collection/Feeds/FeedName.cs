namespace CloudTicks.Collection.Feeds;

/// <summary>The source of the ticks, written into each record's header <c>feed</c>.</summary>
public enum FeedName
{
    /// <summary>Polygon.io.</summary>
    Polygon,

    /// <summary>The simulator.</summary>
    Simulated,
}
