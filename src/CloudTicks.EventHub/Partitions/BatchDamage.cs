namespace CloudTicks.EventHub.Partitions;

/// <summary>A damaged range of a partition, both offsets inclusive.</summary>
internal readonly record struct BatchDamage(PartitionName Partition, long FirstOffset, long LastOffset, string Segment);
