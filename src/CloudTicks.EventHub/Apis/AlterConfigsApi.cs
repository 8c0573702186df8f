using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// AlterConfigs (key 33, versions 0 to 2) replaces all settings of a topic. IncrementalAlterConfigs (key 44, versions 0 and 1) changes
/// individual settings. Broker settings are read-only.
/// </summary>
internal sealed class AlterConfigsApi(BrokerNode broker, bool incremental)
    : Api(
        incremental ? ApiKey.IncrementalAlterConfigs : ApiKey.AlterConfigs, 0, (short)(incremental ? 1 : 2),
        firstFlexible: (short)(incremental ? 1 : 2))
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (resources, validateOnly) = Read(request);
        var duplicates = resources.CountBy(static r => (r.Type, r.Name)).Where(static r => r.Value > 1)
            .Select(static r => r.Key).ToHashSet();
        var outcomes = new List<(Resource Resource, ErrorCode Error, string? Message)>();
        foreach (var resource in resources)
        {
            var (error, message) = duplicates.Contains((resource.Type, resource.Name))
                ? (ErrorCode.InvalidRequest, $"{resource.Name} is named more than once.")
                : await AlterAsync(resource, validateOnly);
            outcomes.Add((resource, error, message));
        }

        response.Body.WriteInt32(0);
        response.Body.WriteArray(outcomes, static (w, outcome) =>
        {
            w.WriteError(outcome.Error);
            w.WriteString(outcome.Message);
            w.WriteInt8((sbyte)outcome.Resource.Type);
            w.WriteString(outcome.Resource.Name);
        });
    }

    private (List<Resource> Resources, bool ValidateOnly) Read(Request request)
    {
        var reader = request.Reader();
        var resources = new List<Resource>();
        for (var count = reader.ReadArrayLength(7); count > 0; count--)
        {
            var (type, name) = ((ConfigResource)reader.ReadInt8(), reader.ReadString());
            var edits = new List<SettingEdit>();
            for (var number = reader.ReadArrayLength(4); number > 0; number--)
            {
                var setting = reader.ReadString();
                var operation = incremental ? (EditOperation)reader.ReadInt8() : EditOperation.Set;
                edits.Add(new SettingEdit(setting, operation, reader.ReadNullableString()));
                reader.EndStruct();
            }

            reader.EndStruct();
            resources.Add(new Resource(type, name, edits));
        }

        return (resources, reader.ReadBoolean());
    }

    private async Task<(ErrorCode Error, string? Message)> AlterAsync(Resource resource, bool validateOnly)
    {
        if (resource.Type != ConfigResource.Topic)
        {
            var names = string.Join(", ", resource.Edits.Select(static e => e.Name).Distinct());
            return (ErrorCode.InvalidRequest, resource.Type == ConfigResource.Broker
                ? $"Settings of the broker are set at startup; a client cannot change them: {names}"
                : "Only the settings of topics can be changed.");
        }

        if (!broker.Storage.Topics.Find(resource.Name, out var topic))
        {
            return (ErrorCode.UnknownTopicOrPartition, $"Topic {resource.Name} does not exist."); // some clients read only the message
        }

        if (resource.Edits.CountBy(static e => e.Name).FirstOrDefault(static e => e.Value > 1).Key is { } duplicate)
        {
            return (ErrorCode.InvalidRequest, $"{duplicate} is named more than once.");
        }

        if (validateOnly)
        {
            var (_, problem) = SettingEdit.Apply(resource.Edits, topic.Settings, incremental);
            return (problem is null ? ErrorCode.None : ErrorCode.InvalidConfig, problem);
        }

        var change = new SettingsChange(
            broker.Storage.Topics, resource.Name, settings => SettingEdit.Apply(resource.Edits, settings, incremental));
        broker.Storage.Log.Enqueue(change);
        try
        {
            var outcome = await change.Completion;
            if (outcome.Error == ErrorCode.None)
            {
                broker.Logger.TopicSettingsChanged(
                    resource.Name, string.Join(", ", topic.Settings.All().Where(s => !s.IsDefault).Select(s => $"{s.Name}={s.Value}")));
            }

            return outcome;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return (ErrorCode.StorageError, "The disk accepts no writes.");
        }
    }

    private sealed record Resource(ConfigResource Type, string Name, List<SettingEdit> Edits);
}
