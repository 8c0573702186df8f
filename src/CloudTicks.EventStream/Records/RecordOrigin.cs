namespace CloudTicks.EventStream.Records;

/// <summary>Where a record stands in the stream.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
public readonly record struct RecordOrigin(string Topic, int Partition, long Offset);
