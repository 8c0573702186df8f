namespace CloudTicks.EventHub.Partitions;

/// <summary>Where a partition ended at the last checkpoint.</summary>
/// <param name="LastSegment">Base offset of the segment that was the newest; -1 when there was none.</param>
/// <param name="LogStart">The first offset; null where the checkpoint does not say, and it is that of the oldest segment.</param>
internal readonly record struct CheckpointedEnd(long LastSegment, long LastSegmentBytes, long NextOffset, long? LogStart)
{
    /// <summary>A partition that no checkpoint knows.</summary>
    public static CheckpointedEnd None { get; } = new(-1, 0, 0, 0);
}
