namespace CloudTicks.EventStream.Records;

/// <summary>A range of offsets of one partition.</summary>
/// <param name="To">The end, exclusive; <see cref="long.MaxValue"/> for no end.</param>
public readonly record struct OffsetRange(int Partition, long From, long To);
