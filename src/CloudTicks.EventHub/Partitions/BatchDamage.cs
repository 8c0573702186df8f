namespace CloudTicks.EventHub.Partitions;

/// <summary>A stretch of a partition that is not what was written, first and last offset included.</summary>
internal readonly record struct BatchDamage(PartitionName Partition, long FirstOffset, long LastOffset, string Segment);
