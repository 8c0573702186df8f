namespace CloudTicks.Ticks.Gaps;

/// <summary>The state of a gap.</summary>
public enum GapState
{
    /// <summary>The gap is recorded and not fetched yet. It may still be ongoing.</summary>
    Open,

    /// <summary>The missing ticks are being fetched over REST.</summary>
    Filling,

    /// <summary>Everything that Polygon has for the gap is archived, and all ticks known to be missing were restored.</summary>
    Filled,

    /// <summary>Polygon has no history for the gap, or did not return all ticks known to be missing.</summary>
    Unfillable,
}
