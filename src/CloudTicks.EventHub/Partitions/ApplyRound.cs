using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The partitions that received batches since the last publication.</summary>
internal sealed class ApplyRound
{
    private readonly List<PartitionLog> _appendedPartitions = [];

    /// <param name="at">Where the batch begins in the file.</param>
    public void Add(PartitionLog partition, LogFile file, int at, ReadOnlySpan<byte> bytes)
    {
        file.CacheBatch(at, bytes);
        _ = RecordBatch.TryRead(bytes, out var batch);
        if (partition.Append(file, at, batch))
        {
            _appendedPartitions.Add(partition);
        }
    }

    /// <summary>Makes the added batches visible to readers.</summary>
    /// <param name="onPublished">Receives each partition with new records.</param>
    public void Publish(Action<PartitionLog> onPublished)
    {
        foreach (var partition in _appendedPartitions)
        {
            partition.PublishAppended();
            onPublished(partition);
        }

        _appendedPartitions.Clear();
    }
}
