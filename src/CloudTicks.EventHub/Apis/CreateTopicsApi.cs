using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>CreateTopics, key 19, versions 0 to 7.</summary>
internal sealed class CreateTopicsApi(BrokerNode broker) : Api(ApiKey.CreateTopics, 0, 7, firstFlexible: 5)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (wishes, onlyCheck) = Read(request);
        var outcomes = new List<(string Name, ErrorCode Error, string? Message)>();
        foreach (var wish in wishes)
        {
            var (error, message, settings) = Check(wish);
            if (error == ErrorCode.None && !onlyCheck)
            {
                error = await TopicMaker.MakeAsync(broker, wish.Name, Partitions(wish), settings);
                message = error == ErrorCode.PolicyViolation ? $"There is no room for {Partitions(wish)} more partitions." : null;
            }

            outcomes.Add((wish.Name, error, message));
        }

        var body = response.Body;
        if (request.Version >= 2)
        {
            body.WriteInt32(0);
        }

        body.WriteArray(outcomes, (w, outcome) =>
        {
            broker.Storage.Topics.Find(outcome.Name, out var topic);
            w.WriteString(outcome.Name);
            if (request.Version >= 7)
            {
                w.WriteGuid(outcome.Error == ErrorCode.None ? topic?.Id ?? default : default);
            }

            w.WriteError(outcome.Error);
            if (request.Version >= 1)
            {
                w.WriteString(outcome.Message);
            }

            if (request.Version >= 5)
            {
                w.WriteInt32(outcome.Error == ErrorCode.None ? topic?.Partitions.Length ?? -1 : -1);
                w.WriteInt16((short)(outcome.Error == ErrorCode.None ? 1 : -1));
                w.WriteArrayLength(0); // its settings, which DescribeConfigs tells
            }
        });
    }

    private static (List<Wish> Wishes, bool OnlyCheck) Read(Request request)
    {
        var reader = request.Reader();
        var wishes = new List<Wish>();
        for (var count = reader.ReadArrayLength(16); count > 0; count--)
        {
            var (name, partitions, replicas) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt16());
            var assigned = reader.ReadArrayLength(8);
            for (var i = 0; i < assigned; i++)
            {
                reader.ReadInt32();
                for (var nodes = reader.ReadArrayLength(4); nodes > 0; nodes--)
                {
                    reader.ReadInt32();
                }

                reader.EndStruct();
            }

            var settings = new List<(string, string?)>();
            for (var number = reader.ReadArrayLength(4); number > 0; number--)
            {
                settings.Add((reader.ReadString(), reader.ReadNullableString()));
                reader.EndStruct();
            }

            reader.EndStruct();
            wishes.Add(new Wish(name, partitions, replicas, assigned, settings));
        }

        reader.ReadInt32(); // timeout
        return (wishes, request.Version >= 1 && reader.ReadBoolean());
    }

    private int Partitions(Wish wish) =>
        wish.Assigned > 0 ? wish.Assigned : wish.Partitions == -1 ? broker.Options.DefaultPartitions : wish.Partitions;

    private (ErrorCode Error, string? Message, TopicSettings Settings) Check(Wish wish)
    {
        var settings = new TopicSettings();
        if (!Topic.IsValidName(wish.Name))
        {
            return (ErrorCode.InvalidTopic, "A topic's name has 1 to 249 letters, digits, dots, underscores and hyphens.", settings);
        }

        if (broker.Storage.Topics.Find(wish.Name, out _))
        {
            return (ErrorCode.TopicAlreadyExists, $"Topic {wish.Name} is there already.", settings);
        }

        if (Partitions(wish) < 1 || Partitions(wish) > broker.Options.MaxPartitions)
        {
            return (ErrorCode.InvalidPartitions, $"A topic has 1 to {broker.Options.MaxPartitions} partitions.", settings);
        }

        if (wish.Assigned == 0 && wish.Replicas is not (-1 or 1))
        {
            return (ErrorCode.InvalidReplicationFactor, "There is one node: the replication factor is 1.", settings);
        }

        foreach (var (name, value) in wish.Settings)
        {
            if (TopicSettings.TrySet(ref settings, name, value) is { } wrong)
            {
                return (ErrorCode.InvalidConfig, wrong, settings);
            }
        }

        return (ErrorCode.None, null, settings);
    }

    private sealed record Wish(string Name, int Partitions, short Replicas, int Assigned, List<(string Name, string? Value)> Settings);
}
