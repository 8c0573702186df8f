namespace CloudTicks.EventHub.Partitions;

/// <summary>The partitions that got batches since they were last written, each to be written once.</summary>
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

    /// <summary>Writes what is staged; after a failure it goes on where it was.</summary>
    public void Write(Action<PartitionLog>? written = null)
    {
        while (_touched is [.., var partition])
        {
            partition.WriteStaged();
            written?.Invoke(partition);
            _touched.RemoveAt(_touched.Count - 1);
        }
    }
}
