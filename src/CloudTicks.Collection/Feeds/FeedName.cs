namespace CloudTicks.Collection.Feeds;

/// <summary>The feed that the ticks come from; each record has its name in the header <c>feed</c>.</summary>
public enum FeedName
{
    /// <summary>Polygon.io.</summary>
    Polygon,

    /// <summary>The simulator.</summary>
    Simulated,
}
