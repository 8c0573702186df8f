namespace CloudTicks.Ticks.Status;

/// <summary>Counts of gaps: those that are not filled yet, and those that ended within about the last day.</summary>
/// <param name="Unfillable">Gaps for which Polygon has no history, or did not return all ticks known to be missing.</param>
/// <param name="OldestOpenMs">Beginning of the oldest gap that is open or being filled, Unix ms, UTC; null if there is none.</param>
/// <param name="RecoveredTicks">Ticks fetched since the start, including those that were already archived.</param>
/// <param name="MissingTicks">Ticks known to be missing in gaps that can still be filled. Gaps with an unknown number count 0.</param>
/// <param name="LostTicks">Ticks known to be missing in gaps that became unfillable within the last day.</param>
public sealed record GapStatus(
    int Open, int Filling, int Filled, int Unfillable, long? OldestOpenMs, long RecoveredTicks, long MissingTicks, long LostTicks);
