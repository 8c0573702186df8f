namespace CloudTicks.Timescale.Storing;

/// <summary>One record of the archive.</summary>
/// <param name="Value">Its value, a TickBatch; the bytes must not change until the record is stored.</param>
public readonly record struct ArchivedRecord(long Offset, ReadOnlyMemory<byte> Value);
