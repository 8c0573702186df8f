using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// OffsetFetch, key 9, versions 1 to 8: returns a group's committed offsets. For a partition without a commit, or an unknown group, the
/// response has offset -1 and no error.
/// </summary>
internal sealed class OffsetFetchApi(BrokerNode broker) : Api(ApiKey.OffsetFetch, 1, 8, firstFlexible: 6)
{
    private static readonly CommittedOffset None = new(-1, -1, "");

    private const short FirstBatchedVersion = 8;

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        var body = response.Body;
        if (version >= 3)
        {
            body.WriteInt32(0);
        }

        if (version < FirstBatchedVersion)
        {
            var group = reader.ReadString();
            Write(body, version, group, ReadTopics(ref reader, group));
            if (version >= 2)
            {
                body.WriteError(ErrorCode.None);
            }

            return ValueTask.CompletedTask;
        }

        var groupCount = reader.ReadArrayLength(3);
        body.WriteArrayLength(groupCount);
        for (; groupCount > 0; groupCount--)
        {
            var group = reader.ReadString();
            body.WriteString(group);
            Write(body, version, group, ReadTopics(ref reader, group));
            body.WriteError(ErrorCode.None);
            reader.EndStruct();
            body.EndStruct();
        }

        return ValueTask.CompletedTask;
    }

    private void Write(WireWriter body, short version, string group, List<(string Topic, List<int> Partitions)> topics) =>
        body.WriteArray(topics, (w, topic) =>
        {
            w.WriteString(topic.Topic);
            w.WriteArray(topic.Partitions, (w, partition) =>
            {
                var offset = broker.Storage.Offsets.Find(group, new PartitionName(topic.Topic, partition)) ?? None;
                w.WriteInt32(partition);
                w.WriteInt64(offset.Offset);
                if (version >= 5)
                {
                    w.WriteInt32(offset.LeaderEpoch);
                }

                w.WriteString(offset.Metadata);
                w.WriteError(ErrorCode.None);
            });
        });

    /// <summary>
    /// Reads the requested partitions; when their list is null, all partitions for which the group has committed an offset.
    /// </summary>
    private List<(string Topic, List<int> Partitions)> ReadTopics(ref WireReader reader, string group)
    {
        var count = reader.ReadNullableArrayLength(6);
        if (count < 0)
        {
            return [.. broker.Storage.Offsets.All(group).GroupBy(o => o.Key.Topic)
                .Select(t => (t.Key, t.Select(o => o.Key.Partition).ToList()))];
        }

        var topics = new List<(string, List<int>)>();
        for (; count > 0; count--)
        {
            var topic = reader.ReadString();
            var partitions = new List<int>();
            for (var number = reader.ReadArrayLength(4); number > 0; number--)
            {
                partitions.Add(reader.ReadInt32());
            }

            reader.EndStruct();
            topics.Add((topic, partitions));
        }

        return topics;
    }
}
