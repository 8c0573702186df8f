using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Groups;

/// <summary>The number of records of a topic that a group has not committed, computed on demand.</summary>
internal sealed class GroupLag(CommittedOffsets offsets, TopicCatalog topics)
{
    /// <summary>Measures the lag per group and topic, over the partitions for which the group has committed an offset.</summary>
    public IEnumerable<Measurement<long>> Measure()
    {
        foreach (var group in offsets.Groups)
        {
            var lags = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var (partition, committed) in offsets.All(group))
            {
                if (topics.FindPartition(partition.Topic, partition.Partition) is { } log)
                {
                    lags[partition.Topic] = lags.GetValueOrDefault(partition.Topic) + LagOf(log, committed.Offset);
                }
            }

            foreach (var (topic, lag) in lags)
            {
                yield return new Measurement<long>(lag, new("group", group), new("topic", topic));
            }
        }
    }

    /// <summary>The lag in records; deleted records at the start of the partition do not count.</summary>
    private static long LagOf(PartitionLog log, long committed) => Math.Max(0, log.HighWatermark - Math.Max(committed, log.LogStart));
}
