namespace CloudTicks.EventHub.Partitions;

/// <summary>Where a partition ended at the last checkpoint.</summary>
/// <param name="NextOffset">The offset behind the last record.</param>
/// <param name="LogStart">The first offset; null where the checkpoint does not say, and it is that of the oldest segment.</param>
/// <param name="Growing">The segment into which an earlier release wrote, and its bytes; null since batches stay in the log.</param>
internal readonly record struct CheckpointedEnd(long NextOffset, long? LogStart, (long Segment, long Bytes)? Growing)
{
    /// <summary>A partition that no checkpoint knows.</summary>
    public static CheckpointedEnd None { get; } = new(0, 0, null);
}
