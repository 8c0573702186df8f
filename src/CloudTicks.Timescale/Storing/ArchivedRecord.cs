namespace CloudTicks.Timescale.Storing;

/// <summary>A record of the archive.</summary>
/// <param name="Value">The bytes of the value, which must not change until the record is stored.</param>
public readonly record struct ArchivedRecord(long Offset, ReadOnlyMemory<byte> Value);
