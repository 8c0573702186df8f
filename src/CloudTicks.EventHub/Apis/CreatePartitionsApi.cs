using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>CreatePartitions, key 37, versions 0 and 1: gives topics more partitions; those there are keep their records.</summary>
internal sealed class CreatePartitionsApi(BrokerNode broker) : Api(ApiKey.CreatePartitions, 0, 1)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (requested, onlyCheck) = Read(request);
        var twice = requested.GroupBy(w => w.Name).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var outcomes = new List<(string Name, ErrorCode Error, string? Message)>();
        foreach (var wanted in requested)
        {
            var (error, message) = twice.Contains(wanted.Name)
                ? (ErrorCode.InvalidRequest, "The topic is named more than once.")
                : Check(wanted);
            if (error == ErrorCode.None && !onlyCheck)
            {
                error = await AddAsync(wanted);
                message = error == ErrorCode.PolicyViolation ? "There is no room for so many more partitions." : null;
            }

            outcomes.Add((wanted.Name, error, message));
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

    private static (List<RequestedPartitions> Requested, bool OnlyCheck) Read(Request request)
    {
        var reader = new WireReader(request.Body.Span);
        var requested = new List<RequestedPartitions>();
        for (var count = reader.ReadArrayLength(10); count > 0; count--)
        {
            var (name, partitions) = (reader.ReadString(), reader.ReadInt32());
            var assigned = reader.ReadNullableArrayLength(4);
            var toUs = true;
            for (var i = 0; i < assigned; i++)
            {
                var nodes = reader.ReadArrayLength(4);
                toUs &= nodes == 1;
                for (; nodes > 0; nodes--)
                {
                    toUs &= reader.ReadInt32() == BrokerNode.NodeId;
                }
            }

            requested.Add(new RequestedPartitions(name, partitions, assigned, toUs));
        }

        reader.ReadInt32(); // timeout
        return (requested, reader.ReadBoolean());
    }

    private (ErrorCode Error, string? Message) Check(RequestedPartitions wanted)
    {
        if (!broker.Storage.Topics.Find(wanted.Name, out var topic))
        {
            return (ErrorCode.UnknownTopicOrPartition, $"There is no topic {wanted.Name}.");
        }

        var now = topic.Partitions.Length;
        if (wanted.Partitions <= now || wanted.Partitions > broker.Options.MaxPartitions)
        {
            return (ErrorCode.InvalidPartitions,
                $"Topic {wanted.Name} has {now} partitions; it can have more, at most {broker.Options.MaxPartitions}, but not "
                    + $"{wanted.Partitions}.");
        }

        return wanted.Assigned >= 0 && (wanted.Assigned != wanted.Partitions - now || !wanted.ToUs)
            ? (ErrorCode.InvalidReplicaAssignment,
                $"An assignment names node {BrokerNode.NodeId} for each of the {wanted.Partitions - now} new partitions.")
            : (ErrorCode.None, null);
    }

    private async Task<ErrorCode> AddAsync(RequestedPartitions wanted)
    {
        var addition = new PartitionsAddition(broker.Storage.Topics, wanted.Name, wanted.Partitions);
        broker.Storage.Log.Enqueue(addition);
        try
        {
            var error = await addition.Answer;
            if (error == ErrorCode.None)
            {
                broker.Logger.PartitionsAdded(wanted.Name, wanted.Partitions);
            }

            return error;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return ErrorCode.StorageError;
        }
    }

    /// <param name="Assigned">How many partitions are given nodes; -1 when that is left to the hub.</param>
    /// <param name="ToUs">True when all of them are given to this node.</param>
    private sealed record RequestedPartitions(string Name, int Partitions, int Assigned, bool ToUs);
}
