namespace CloudTicks.EventHub.Partitions;

internal readonly record struct PartitionName(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}[{Partition}]";
}
