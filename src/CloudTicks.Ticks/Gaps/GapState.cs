namespace CloudTicks.Ticks.Gaps;

/// <summary>What has become of a gap.</summary>
public enum GapState
{
    /// <summary>Known, and nothing done about it yet; its end may not be known yet either.</summary>
    Open,

    /// <summary>Being fetched over REST.</summary>
    Filling,

    /// <summary>All that Polygon has of it is in the stream.</summary>
    Filled,

    /// <summary>Polygon has no history of it: crypto quotes, or a plan without history.</summary>
    Unfillable,
}
