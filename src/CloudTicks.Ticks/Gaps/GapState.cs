namespace CloudTicks.Ticks.Gaps;

/// <summary>What has become of a gap.</summary>
public enum GapState
{
    /// <summary>Known, and nothing done about it yet; its end may not be known yet either.</summary>
    Open,

    /// <summary>Being fetched over REST.</summary>
    Filling,

    /// <summary>All that Polygon has of it is in the stream, and at least as many ticks as are known to be missing were restored.</summary>
    Filled,

    /// <summary>Polygon has no history of it, or ticks known to be missing did not come back.</summary>
    Unfillable,
}
