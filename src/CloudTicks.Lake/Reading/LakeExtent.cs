namespace CloudTicks.Lake.Reading;

/// <summary>The range of times that the lake covers.</summary>
/// <param name="FirstMs">The start of the first hour with ticks, Unix ms, UTC; null for an empty lake.</param>
/// <param name="CompleteToMs">
/// The lake holds every tick that was archived before this time, Unix ms by the writer's clock; 0 while unknown.
/// </param>
public readonly record struct LakeExtent(long? FirstMs, long CompleteToMs);
