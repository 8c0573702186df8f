namespace CloudTicks.EventStream.Records;

/// <summary>The offsets of a partition: from <paramref name="Low"/> to before <paramref name="High"/>.</summary>
public readonly record struct PartitionWatermarks(int Partition, long Low, long High);
