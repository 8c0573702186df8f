namespace CloudTicks.Ticks.Status;

/// <summary>The gaps of the ledger: those not filled yet, and those of about the last day.</summary>
/// <param name="Unfillable">Gaps of which Polygon has no history, or whose known missing ticks did not come back.</param>
/// <param name="OldestOpenMs">Where the oldest that is not filled begins, Unix ms, UTC; null when there is none.</param>
/// <param name="RecoveredTicks">Ticks fetched since the start, those that were there already among them.</param>
/// <param name="MissingTicks">Ticks known to be missing, of gaps that are still to be filled; not those whose number is not known.</param>
/// <param name="LostTicks">Ticks known to be missing, of gaps that became unfillable within a day.</param>
public sealed record GapStatus(
    int Open, int Filling, int Filled, int Unfillable, long? OldestOpenMs, long RecoveredTicks, long MissingTicks, long LostTicks);
