namespace CloudTicks.Collection.Feeds;

/// <summary>Where ticks come from. The mark of a stream, written into each record's header <c>feed</c>.</summary>
public enum FeedName
{
    /// <summary>Polygon.io.</summary>
    Polygon,

    /// <summary>The simulator.</summary>
    Simulated,
}
