namespace CloudTicks.Lake.Reading;

/// <summary>The time that the lake covers.</summary>
/// <param name="FirstMs">The hour of its first tick, Unix ms, UTC; null for an empty lake.</param>
/// <param name="CompleteToMs">
/// It holds every tick that was archived before this time, Unix ms by the writer's clock; 0 while that is not known.
/// </param>
public readonly record struct LakeExtent(long? FirstMs, long CompleteToMs);
