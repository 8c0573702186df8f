namespace CloudTicks.EventHub.Partitions;

/// <summary>Offsets of which recovery found no whole copy.</summary>
internal readonly record struct LostRecords(long FirstOffset, long LastOffset);
