namespace CloudTicks.EventStream.Records;

/// <summary>Where a record stands in the stream.</summary>
public readonly record struct RecordOrigin(string Topic, int Partition, long Offset);
