using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// Metadata, key 3, versions 0 to 9: returns the broker and the topics. A missing topic is created, unless the client forbids it.
/// </summary>
internal sealed class MetadataApi(BrokerNode broker) : Api(ApiKey.Metadata, 0, 9, firstFlexible: 9)
{
    private static readonly int[] Nodes = [BrokerNode.NodeId];

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (names, create, operations) = Read(request);
        var topics = new List<(ErrorCode Error, string Name, Topic? Topic)>();
        if (names is null)
        {
            topics.AddRange(broker.Storage.Topics.All.Select(t => (ErrorCode.None, t.Name, (Topic?)t)));
        }
        else
        {
            foreach (var name in names.Distinct(StringComparer.Ordinal))
            {
                var error = ErrorCode.None;
                if (!broker.Storage.Topics.Find(name, out var topic))
                {
                    error = await CreateAsync(name, create);
                    broker.Storage.Topics.Find(name, out topic);
                    error = topic is not null ? ErrorCode.None : error == ErrorCode.None ? ErrorCode.UnknownTopicOrPartition : error;
                }

                topics.Add((error, name, topic));
            }
        }

        Write(response.Body, request, topics, operations);
    }

    private static (List<string>? Names, bool Create, (int Cluster, int Topic) Operations) Read(Request request)
    {
        var reader = request.Reader();
        var count = reader.ReadNullableArrayLength(2);
        List<string>? names = count < 0 || (count == 0 && request.Version == 0) ? null : new List<string>(count);
        for (; count > 0; count--)
        {
            names!.Add(reader.ReadString());
            reader.EndStruct();
        }

        var create = request.Version < 4 || reader.ReadBoolean();
        var includeClusterOperations = request.Version >= 8 && reader.ReadBoolean();
        var includeTopicOperations = request.Version >= 8 && reader.ReadBoolean();
        return (names, create, (
            includeClusterOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotRequested,
            includeTopicOperations ? AuthorizedOperations.Topic : AuthorizedOperations.NotRequested));
    }

    private async Task<ErrorCode> CreateAsync(string name, bool create)
    {
        if (!Topic.IsValidName(name))
        {
            return ErrorCode.InvalidTopic;
        }

        return create
            ? await TopicCreator.CreateAsync(broker, name, broker.Options.DefaultPartitions, new TopicSettings())
            : ErrorCode.UnknownTopicOrPartition;
    }

    private void Write(
        WireWriter body, Request request, List<(ErrorCode Error, string Name, Topic? Topic)> topics,
        (int Cluster, int Topic) operations)
    {
        var version = request.Version;
        if (version >= 3)
        {
            body.WriteInt32(0);
        }

        body.WriteArray(Nodes, (w, node) =>
        {
            w.WriteInt32(node);
            w.WriteString(broker.HostFor(request.Session.ReachedHost));
            w.WriteInt32(broker.Port);
            if (version >= 1)
            {
                w.WriteString(null); // rack
            }
        });
        if (version >= 2)
        {
            body.WriteString(broker.ClusterId);
        }

        if (version >= 1)
        {
            body.WriteInt32(BrokerNode.NodeId);
        }

        body.WriteArray(topics, (w, topic) =>
        {
            w.WriteError(topic.Error);
            w.WriteString(topic.Name);
            if (version >= 1)
            {
                w.WriteBoolean(false); // internal
            }

            var partitions = topic.Topic?.Partitions.Length ?? 0;
            w.WriteArrayLength(partitions);
            for (var partition = 0; partition < partitions; partition++)
            {
                WritePartition(w, version, partition);
            }

            if (version >= 8)
            {
                w.WriteInt32(topic.Topic is null ? AuthorizedOperations.NotRequested : operations.Topic);
            }
        });
        if (version >= 8)
        {
            body.WriteInt32(operations.Cluster);
        }
    }

    private static void WritePartition(WireWriter body, short version, int partition)
    {
        body.WriteError(ErrorCode.None);
        body.WriteInt32(partition);
        body.WriteInt32(BrokerNode.NodeId);
        if (version >= 7)
        {
            body.WriteInt32(-1); // leader epoch: the leader never changes
        }

        body.WriteInt32Array(Nodes);
        body.WriteInt32Array(Nodes);
        if (version >= 5)
        {
            body.WriteArrayLength(0); // offline replicas
        }

        body.EndStruct();
    }
}
