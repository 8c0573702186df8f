namespace CloudTicks.EventStream.Records;

/// <summary>The offsets of a partition, from <paramref name="Low"/> (inclusive) to <paramref name="High"/> (exclusive).</summary>
public readonly record struct PartitionWatermarks(int Partition, long Low, long High);
