namespace CloudTicks.Collection.Spool;

/// <summary>A part of the spool whose records can no longer be read.</summary>
/// <param name="AfterMs">
/// The time at which the last intact record before the damage was spooled, Unix ms, UTC; 0 when there is none.
/// </param>
/// <param name="BeforeMs">
/// The time at which the first intact record after the damage was spooled, Unix ms, UTC; null when there is none.
/// </param>
internal sealed record SpoolDamage(
    long FirstSequence, long Records, int? Partition, int? Ticks, string Path, long AfterMs, long? BeforeMs);
