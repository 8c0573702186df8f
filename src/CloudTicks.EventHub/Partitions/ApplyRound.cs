using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The partitions that received batches since the last publication.</summary>
internal sealed class ApplyRound
{
    private readonly List<PartitionLog> _appended = [];

    /// <param name="at">Where the batch begins in the file.</param>
    public void Add(PartitionLog partition, LogFile file, int at, ReadOnlySpan<byte> bytes)
    {
        file.CacheBatch(at, bytes);
        _ = RecordBatch.TryRead(bytes, out var batch);
        if (partition.Append(file, at, batch))
        {
            _appended.Add(partition);
        }
    }

    /// <summary>Makes the added batches visible to readers.</summary>
    /// <param name="published">Receives each partition with new records.</param>
    public void Publish(Action<PartitionLog> published)
    {
        foreach (var partition in _appended)
        {
            partition.PublishAppended();
            published(partition);
        }

        _appended.Clear();
    }
}
