namespace CloudTicks.EventStream.Records;

/// <summary>A stretch of one partition.</summary>
/// <param name="To">The offset to stop before; <see cref="long.MaxValue"/> to go on for ever.</param>
public readonly record struct OffsetRange(int Partition, long From, long To);
