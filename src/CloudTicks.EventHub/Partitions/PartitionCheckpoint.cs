namespace CloudTicks.EventHub.Partitions;

/// <summary>What a checkpoint keeps of a partition.</summary>
/// <param name="NextOffset">The offset behind the last record.</param>
/// <param name="LogStart">The first offset.</param>
/// <param name="Producers">The idempotent producers at that offset.</param>
internal sealed record PartitionCheckpoint(
    PartitionLog Partition, long NextOffset, long LogStart, IReadOnlyCollection<KeyValuePair<long, ProducerState>> Producers)
{
    /// <summary>The checkpoint is durable.</summary>
    public void Vouch() => Partition.VouchedFor = Math.Max(Partition.VouchedFor, NextOffset);
}
