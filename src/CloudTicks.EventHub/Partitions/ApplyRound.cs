using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The partitions that got batches since they were last shown, each to be shown once.</summary>
internal sealed class ApplyRound
{
    private readonly List<PartitionLog> _touched = [];

    /// <param name="at">Where the batch begins in the file.</param>
    public void Add(PartitionLog partition, LogFile file, int at, ReadOnlySpan<byte> bytes)
    {
        file.Remember(at, bytes);
        _ = RecordBatch.TryRead(bytes, out var batch);
        if (partition.Take(file, at, batch))
        {
            _touched.Add(partition);
        }
    }

    /// <summary>Lets readers have what was added.</summary>
    /// <param name="shown">Receives each partition that has more.</param>
    public void Show(Action<PartitionLog> shown)
    {
        foreach (var partition in _touched)
        {
            partition.ShowTaken();
            shown(partition);
        }

        _touched.Clear();
    }
}
