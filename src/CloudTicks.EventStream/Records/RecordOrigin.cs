namespace CloudTicks.EventStream.Records;

/// <summary>The position of a record in the stream.</summary>
public readonly record struct RecordOrigin(string Topic, int Partition, long Offset);
