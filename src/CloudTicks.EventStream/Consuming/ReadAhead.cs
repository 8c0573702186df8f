namespace CloudTicks.EventStream.Consuming;

/// <summary>Limits of the fetched records that a reader buffers.</summary>
/// <param name="Bytes">Maximum bytes for all partitions; at least 64 KiB.</param>
/// <param name="BytesPerPartition">Maximum bytes for one partition in one response; a single record may be larger.</param>
public readonly record struct ReadAhead(int Bytes, int BytesPerPartition);
