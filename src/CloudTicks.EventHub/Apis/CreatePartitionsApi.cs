using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>CreatePartitions, key 37, versions 0 and 1: adds partitions to topics. Existing partitions keep their records.</summary>
internal sealed class CreatePartitionsApi(BrokerNode broker) : Api(ApiKey.CreatePartitions, 0, 1)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (requestedTopics, validateOnly) = Read(request);
        var duplicates = requestedTopics.GroupBy(r => r.Name).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var outcomes = new List<(string Name, ErrorCode Error, string? Message)>();
        foreach (var topic in requestedTopics)
        {
            var (error, message) = duplicates.Contains(topic.Name)
                ? (ErrorCode.InvalidRequest, "The topic is named more than once.")
                : Check(topic);
            if (error == ErrorCode.None && !validateOnly)
            {
                error = await AddAsync(topic);
                message = error == ErrorCode.PolicyViolation
                    ? "The new partitions would exceed the limit (EventHub__MaxPartitions)."
                    : null;
            }

            outcomes.Add((topic.Name, error, message));
        }

        var body = response.Body;
        body.WriteInt32(0);
        body.WriteArray(outcomes, static (w, outcome) =>
        {
            w.WriteString(outcome.Name);
            w.WriteError(outcome.Error);
            w.WriteString(outcome.Message);
        });
    }

    private static (List<RequestedPartitions> Requested, bool ValidateOnly) Read(Request request)
    {
        var reader = new WireReader(request.Body.Span);
        var requestedTopics = new List<RequestedPartitions>();
        for (var count = reader.ReadArrayLength(10); count > 0; count--)
        {
            var (name, partitions) = (reader.ReadString(), reader.ReadInt32());
            var assigned = reader.ReadNullableArrayLength(4);
            var onThisNode = true;
            for (var i = 0; i < assigned; i++)
            {
                var nodeCount = reader.ReadArrayLength(4);
                onThisNode &= nodeCount == 1;
                for (; nodeCount > 0; nodeCount--)
                {
                    onThisNode &= reader.ReadInt32() == BrokerNode.NodeId;
                }
            }

            requestedTopics.Add(new RequestedPartitions(name, partitions, assigned, onThisNode));
        }

        reader.ReadInt32(); // timeout
        return (requestedTopics, reader.ReadBoolean());
    }

    private (ErrorCode Error, string? Message) Check(RequestedPartitions topic)
    {
        if (!broker.Storage.Topics.Find(topic.Name, out var found))
        {
            return (ErrorCode.UnknownTopicOrPartition, $"Topic {topic.Name} does not exist.");
        }

        var current = found.Partitions.Length;
        if (topic.Partitions <= current || topic.Partitions > broker.Options.MaxPartitions)
        {
            return (ErrorCode.InvalidPartitions,
                $"Topic {topic.Name} has {current} partitions: the new number must be larger, and at most {broker.Options.MaxPartitions}, "
                    + $"not {topic.Partitions}.");
        }

        return topic.Assigned >= 0 && (topic.Assigned != topic.Partitions - current || !topic.OnThisNode)
            ? (ErrorCode.InvalidReplicaAssignment,
                $"An assignment must name node {BrokerNode.NodeId} for each of the {topic.Partitions - current} new partitions.")
            : (ErrorCode.None, null);
    }

    private async Task<ErrorCode> AddAsync(RequestedPartitions topic)
    {
        var addition = new PartitionsAddition(broker.Storage.Topics, topic.Name, topic.Partitions);
        broker.Storage.Log.Enqueue(addition);
        try
        {
            var error = await addition.Completion;
            if (error == ErrorCode.None)
            {
                broker.Logger.PartitionsAdded(topic.Name, topic.Partitions);
            }

            return error;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return ErrorCode.StorageError;
        }
    }

    /// <param name="Assigned">The number of partitions that the request assigns to nodes; -1 when the event hub assigns them.</param>
    /// <param name="OnThisNode">True when each assignment of the request names only this node.</param>
    private sealed record RequestedPartitions(string Name, int Partitions, int Assigned, bool OnThisNode);
}
