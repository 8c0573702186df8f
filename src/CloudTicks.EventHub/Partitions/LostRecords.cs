namespace CloudTicks.EventHub.Partitions;

/// <summary>Offsets for which recovery found no intact copy.</summary>
internal readonly record struct LostRecords(long FirstOffset, long LastOffset);
