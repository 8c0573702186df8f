namespace CloudTicks.EventHub.Partitions;

/// <summary>The checkpoint of one partition.</summary>
/// <param name="NextOffset">The offset after the last record.</param>
/// <param name="LogStart">The first offset.</param>
/// <param name="Producers">The idempotent producers at that offset.</param>
internal sealed record PartitionCheckpoint(
    PartitionLog Partition, long NextOffset, long LogStart, IReadOnlyCollection<KeyValuePair<long, ProducerState>> Producers)
{
    /// <summary>Sets the offset up to which the partition is checkpointed; called when the checkpoint is durable.</summary>
    public void MarkCheckpointed() => Partition.CheckpointedTo = Math.Max(Partition.CheckpointedTo, NextOffset);
}
