using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>OffsetDelete, key 47, version 0: deletes a group's offsets of topics to which no member subscribes.</summary>
internal sealed class OffsetDeleteApi(BrokerNode broker) : Api(ApiKey.OffsetDelete, 0, 0)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (group, partitions) = Read(request);
        var subscriptions = await broker.Groups.CallAsync(
            group, static (g, _) => GroupSubscriptions.Of(g), GroupSubscriptions.None, cancellationToken);
        var refusal = group.Length == 0 ? ErrorCode.InvalidGroupId
            : !broker.Groups.Contains(group) ? ErrorCode.GroupIdNotFound
            : subscriptions.HasUnknownTopics ? ErrorCode.NonEmptyGroup
            : ErrorCode.None;
        var outcomes = new List<(PartitionName Partition, ErrorCode Error)>();
        if (refusal == ErrorCode.None)
        {
            outcomes.AddRange(partitions.Select(p => (p, Check(p, subscriptions))));
            refusal = await DeleteAsync(group, [.. outcomes.Where(o => o.Error == ErrorCode.None).Select(o => o.Partition).Distinct()]);
        }

        response.Body.WriteError(refusal);
        response.Body.WriteInt32(0);
        IGrouping<string, (PartitionName Partition, ErrorCode Error)>[] topics =
            refusal == ErrorCode.None ? [.. outcomes.GroupBy(static o => o.Partition.Topic)] : [];
        response.Body.WriteArray(topics, static (w, topic) =>
        {
            w.WriteString(topic.Key);
            w.WriteArray([.. topic], static (w, outcome) =>
            {
                w.WriteInt32(outcome.Partition.Partition);
                w.WriteError(outcome.Error);
            });
        });
    }

    private static (string Group, List<PartitionName> Partitions) Read(Request request)
    {
        var reader = request.Reader();
        var group = reader.ReadString();
        var partitions = new List<PartitionName>();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            var topic = reader.ReadString();
            for (var number = reader.ReadArrayLength(4); number > 0; number--)
            {
                partitions.Add(new PartitionName(topic, reader.ReadInt32()));
            }
        }

        return (group, partitions);
    }

    private ErrorCode Check(PartitionName partition, GroupSubscriptions subscriptions) =>
        broker.Storage.Topics.FindPartition(partition.Topic, partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition
        : subscriptions.Topics.Contains(partition.Topic) ? ErrorCode.GroupSubscribedToTopic
        : ErrorCode.None;

    private async Task<ErrorCode> DeleteAsync(string group, IReadOnlyCollection<PartitionName> partitions)
    {
        if (partitions.Count == 0)
        {
            return ErrorCode.None;
        }

        var deletion = new OffsetsDeletion(broker.Storage.Offsets, group, partitions);
        broker.Storage.Log.Enqueue(deletion);
        try
        {
            return await deletion.Completion;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }
    }
}
