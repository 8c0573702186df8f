using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Protocol.Apis;

/// <summary>OffsetFetch, key 9, versions 1 to 5. Without a commit, and for a group nobody knows, the offset is -1 and no error.</summary>
internal sealed class OffsetFetchApi(Broker broker) : Api(ApiKey.OffsetFetch, 1, 5)
{
    private static readonly CommittedOffset None = new(-1, -1, "");

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var (group, wanted) = Read(request);
        var body = response.Body;
        if (version >= 3)
        {
            body.WriteInt32(0);
        }

        body.WriteArray(wanted, (w, topic) =>
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
        if (version >= 2)
        {
            body.WriteError(ErrorCode.None);
        }

        return ValueTask.CompletedTask;
    }

    private (string Group, List<(string Topic, List<int> Partitions)> Wanted) Read(Request request)
    {
        var reader = new WireReader(request.Body.Span);
        var group = reader.ReadString();
        var count = reader.ReadNullableArrayLength(6);
        if (count < 0)
        {
            return (group, [.. broker.Storage.Offsets.All(group).GroupBy(o => o.Key.Topic).Select(t => (t.Key, t.Select(o => o.Key.Partition).ToList()))]);
        }

        var wanted = new List<(string, List<int>)>();
        for (; count > 0; count--)
        {
            var topic = reader.ReadString();
            var partitions = new List<int>();
            for (var number = reader.ReadArrayLength(4); number > 0; number--)
            {
                partitions.Add(reader.ReadInt32());
            }

            wanted.Add((topic, partitions));
        }

        return (group, wanted);
    }
}
