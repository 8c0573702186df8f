namespace CloudTicks.EventHub.Partitions;

/// <summary>The end of a partition at the last checkpoint.</summary>
/// <param name="NextOffset">The offset after the last record.</param>
/// <param name="LogStart">The first offset; null when the checkpoint does not contain it and the oldest segment determines it.</param>
/// <param name="Growing">The segment that an earlier release was writing, and its bytes; null for releases that keep batches in the
/// log.</param>
internal readonly record struct CheckpointedEnd(long NextOffset, long? LogStart, (long Segment, long Bytes)? Growing)
{
    /// <summary>The value for a partition that no checkpoint contains.</summary>
    public static CheckpointedEnd None { get; } = new(0, 0, null);
}
