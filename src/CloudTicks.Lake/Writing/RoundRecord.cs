namespace CloudTicks.Lake.Writing;

/// <summary>A record of a round.</summary>
/// <param name="Value">The bytes of the record, a TickBatch.</param>
internal readonly record struct RoundRecord(int Partition, long Offset, ReadOnlyMemory<byte> Value);
