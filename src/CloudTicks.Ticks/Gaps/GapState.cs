namespace CloudTicks.Ticks.Gaps;

/// <summary>The state of a gap.</summary>
public enum GapState
{
    /// <summary>Recorded and not fetched yet. It may still last.</summary>
    Open,

    /// <summary>Being fetched over REST.</summary>
    Filling,

    /// <summary>Everything that Polygon has of it is archived, and all ticks known to be missing were restored.</summary>
    Filled,

    /// <summary>Polygon has no history of it, or did not return all ticks known to be missing.</summary>
    Unfillable,
}
