namespace CloudTicks.EventHub.Partitions;

/// <summary>Offsets of which recovery found no intact copy.</summary>
internal readonly record struct LostRecords(long FirstOffset, long LastOffset);
