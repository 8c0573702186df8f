namespace CloudTicks.EventHub.Partitions;

/// <summary>A topic's name and a partition's number, as messages show them.</summary>
internal readonly record struct PartitionName(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}[{Partition}]";
}
