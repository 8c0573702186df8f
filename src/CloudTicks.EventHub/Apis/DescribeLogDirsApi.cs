using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// DescribeLogDirs, key 35, versions 0 to 4: returns the data folder, the bytes of each partition, and the disk's size and free space.
/// </summary>
internal sealed class DescribeLogDirsApi(BrokerNode broker) : Api(ApiKey.DescribeLogDirs, 0, 4, firstFlexible: 2)
{
    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var topics = Find(request);
        var body = response.Body;
        body.WriteInt32(0);
        if (request.Version >= 3)
        {
            body.WriteError(ErrorCode.None);
        }

        body.WriteArray([broker.Storage.Root], (w, folder) =>
        {
            w.WriteError(ErrorCode.None);
            w.WriteString(folder);
            w.WriteArray(topics, static (w, topic) =>
            {
                w.WriteString(topic.Topic.Name);
                w.WriteArray(topic.Partitions, (w, partition) =>
                {
                    w.WriteInt32(partition);
                    w.WriteInt64(topic.Topic.Partition(partition)?.View().Bytes ?? 0);
                    w.WriteInt64(0); // lag behind the leader: this node is the leader
                    w.WriteBoolean(false); // no future replica
                });
            });
            if (request.Version >= 4)
            {
                w.WriteInt64(broker.Storage.TotalBytes);
                w.WriteInt64(broker.Storage.FreeBytes);
            }
        });
        return ValueTask.CompletedTask;
    }

    /// <summary>Finds the existing partitions that the request lists; all partitions when its list is null.</summary>
    private List<(Topic Topic, List<int> Partitions)> Find(Request request)
    {
        var reader = request.Reader();
        var count = reader.ReadNullableArrayLength(6);
        if (count < 0)
        {
            return [.. broker.Storage.Topics.All.Select(t => (t, Enumerable.Range(0, t.Partitions.Length).ToList()))];
        }

        var foundTopics = new List<(Topic, List<int>)>();
        for (; count > 0; count--)
        {
            broker.Storage.Topics.Find(reader.ReadString(), out var topic);
            var partitions = new List<int>();
            for (var number = reader.ReadArrayLength(4); number > 0; number--)
            {
                partitions.Add(reader.ReadInt32());
            }

            reader.EndStruct();
            if (topic is not null)
            {
                foundTopics.Add((topic, [.. partitions.Where(p => topic.Partition(p) is not null).Distinct()]));
            }
        }

        return foundTopics;
    }
}
