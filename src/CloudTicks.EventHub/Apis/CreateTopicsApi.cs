using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>CreateTopics, key 19, versions 0 to 7: creates topics.</summary>
internal sealed class CreateTopicsApi(BrokerNode broker) : Api(ApiKey.CreateTopics, 0, 7, firstFlexible: 5)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (requestedTopics, validateOnly) = Read(request);
        var outcomes = new List<(string Name, ErrorCode Error, string? Message)>();
        foreach (var topic in requestedTopics)
        {
            var (error, message, settings) = Check(topic);
            if (error == ErrorCode.None && !validateOnly)
            {
                error = await TopicCreator.CreateAsync(broker, topic.Name, Partitions(topic), settings);
                message = error == ErrorCode.PolicyViolation
                    ? $"{Partitions(topic)} more partitions would exceed the limit (EventHub__MaxPartitions)."
                    : null;
            }

            outcomes.Add((topic.Name, error, message));
        }

        var body = response.Body;
        if (request.Version >= 2)
        {
            body.WriteInt32(0);
        }

        body.WriteArray(outcomes, (w, outcome) =>
        {
            broker.Storage.Topics.Find(outcome.Name, out var found);
            var topic = outcome.Error == ErrorCode.None ? found : null;
            w.WriteString(outcome.Name);
            if (request.Version >= 7)
            {
                w.WriteGuid(topic?.Id ?? default);
            }

            w.WriteError(outcome.Error);
            if (request.Version >= 1)
            {
                w.WriteString(outcome.Message);
            }

            if (request.Version >= 5)
            {
                w.WriteInt32(topic?.Partitions.Length ?? -1);
                w.WriteInt16((short)(outcome.Error == ErrorCode.None ? 1 : -1));
                DescribedSetting[] settings = topic is null ? [] : [.. DescribedSettings.FromSettings(topic.Settings)];
                w.WriteArray(settings, static (w, setting) =>
                {
                    w.WriteString(setting.Name);
                    w.WriteString(setting.Value);
                    w.WriteBoolean(setting.ReadOnly);
                    w.WriteInt8((sbyte)setting.Source);
                    w.WriteBoolean(false); // sensitive
                });
            }
        });
    }

    private static (List<RequestedTopic> Requested, bool ValidateOnly) Read(Request request)
    {
        var reader = request.Reader();
        var requestedTopics = new List<RequestedTopic>();
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
            requestedTopics.Add(new RequestedTopic(name, partitions, replicas, assigned, settings));
        }

        reader.ReadInt32(); // timeout
        return (requestedTopics, request.Version >= 1 && reader.ReadBoolean());
    }

    private int Partitions(RequestedTopic topic) =>
        topic.Assigned > 0 ? topic.Assigned : topic.Partitions == -1 ? broker.Options.DefaultPartitions : topic.Partitions;

    private (ErrorCode Error, string? Message, TopicSettings Settings) Check(RequestedTopic topic)
    {
        var settings = new TopicSettings();
        if (!Topic.IsValidName(topic.Name))
        {
            return (
                ErrorCode.InvalidTopic,
                "A topic name must have 1 to 249 letters, digits, dots, underscores and hyphens, and must not be '.' or '..'.", settings);
        }

        if (broker.Storage.Topics.Find(topic.Name, out _))
        {
            return (ErrorCode.TopicAlreadyExists, $"Topic {topic.Name} already exists.", settings);
        }

        if (Partitions(topic) < 1 || Partitions(topic) > broker.Options.MaxPartitions)
        {
            return (ErrorCode.InvalidPartitions, $"The number of partitions must be from 1 to {broker.Options.MaxPartitions}.", settings);
        }

        if (topic.Assigned == 0 && topic.Replicas is not (-1 or 1))
        {
            return (ErrorCode.InvalidReplicationFactor, "The cluster has one node: the replication factor must be 1.", settings);
        }

        foreach (var (name, value) in topic.Settings)
        {
            if (TopicSettings.TrySet(ref settings, name, value) is { } problem)
            {
                return (ErrorCode.InvalidConfig, problem, settings);
            }
        }

        return (ErrorCode.None, null, settings);
    }

    private sealed record RequestedTopic(
        string Name, int Partitions, short Replicas, int Assigned, List<(string Name, string? Value)> Settings);
}
