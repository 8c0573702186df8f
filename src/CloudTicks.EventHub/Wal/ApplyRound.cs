using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Wal;

/// <summary>What one round of the apply thread gathers: the partitions that got batches, each to be written once.</summary>
internal sealed class ApplyRound
{
    private readonly List<PartitionLog> _touched = [];

    public void Add(PartitionLog partition, ReadOnlyMemory<byte> batch)
    {
        if (partition.Stage(batch))
        {
            _touched.Add(partition);
        }
    }

    /// <summary>The partitions with staged batches; a partition leaves the list when it was written.</summary>
    public List<PartitionLog> Touched => _touched;
}
