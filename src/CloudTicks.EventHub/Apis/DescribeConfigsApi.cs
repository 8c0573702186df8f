using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// DescribeConfigs, key 32, versions 0 to 4: returns the settings of topics, and the broker settings that clients use. Names that begin
/// with <c>cloudticks.</c> identify the stream and report the disk: see <see cref="DescribedSettings"/>.
/// </summary>
internal sealed class DescribeConfigsApi(BrokerNode broker) : Api(ApiKey.DescribeConfigs, 0, 4, firstFlexible: 4)
{
    private readonly DescribedSettings _settings = new(broker);

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var resources = Read(ref reader);
        var version = request.Version;
        var includeSynonyms = version >= 1 && reader.ReadBoolean();
        var includeDocumentation = version >= 3 && reader.ReadBoolean();
        response.Body.WriteInt32(0);
        response.Body.WriteArray(resources, (w, resource) =>
        {
            var (error, message, settings) = Describe(resource);
            w.WriteError(error);
            w.WriteString(message);
            w.WriteInt8((sbyte)resource.Type);
            w.WriteString(resource.Name);
            w.WriteArray(settings, (w, setting) => Write(w, version, setting, includeSynonyms, includeDocumentation));
        });
        return ValueTask.CompletedTask;
    }

    private static List<Resource> Read(ref WireReader reader)
    {
        var resources = new List<Resource>();
        for (var count = reader.ReadArrayLength(7); count > 0; count--)
        {
            var (type, name) = ((ConfigResource)reader.ReadInt8(), reader.ReadString());
            var nameCount = reader.ReadNullableArrayLength(2);
            HashSet<string>? names = nameCount < 0 ? null : [];
            for (; nameCount > 0; nameCount--)
            {
                names!.Add(reader.ReadString());
            }

            reader.EndStruct();
            resources.Add(new Resource(type, name, names));
        }

        return resources;
    }

    private (ErrorCode Error, string? Message, List<DescribedSetting> Settings) Describe(Resource resource)
    {
        switch (resource.Type)
        {
            case ConfigResource.Broker:
                return (ErrorCode.None, null, Requested(_settings.ForBroker(), resource));
            case ConfigResource.Topic:
                return broker.Storage.Topics.Find(resource.Name, out var topic)
                    ? (ErrorCode.None, null, Requested(_settings.ForTopic(topic), resource))
                    : (ErrorCode.UnknownTopicOrPartition, null, []);
            default:
                return (ErrorCode.InvalidRequest, "Only topics and the broker have settings.", []);
        }
    }

    private static List<DescribedSetting> Requested(IEnumerable<DescribedSetting> settings, Resource resource) =>
        [.. settings.Where(setting => resource.Names is null || resource.Names.Contains(setting.Name))];

    private static void Write(WireWriter body, short version, DescribedSetting setting, bool includeSynonyms, bool includeDocumentation)
    {
        body.WriteString(setting.Name);
        body.WriteString(setting.Value);
        body.WriteBoolean(setting.ReadOnly);
        if (version == 0)
        {
            body.WriteBoolean(setting.Source == SettingSource.Default);
        }
        else
        {
            body.WriteInt8((sbyte)setting.Source);
        }

        body.WriteBoolean(false); // sensitive
        if (version >= 1)
        {
            body.WriteArray(includeSynonyms ? setting.Synonyms : [], static (w, synonym) =>
            {
                w.WriteString(synonym.Name);
                w.WriteString(synonym.Value);
                w.WriteInt8((sbyte)synonym.Source);
            });
        }

        if (version >= 3)
        {
            body.WriteInt8((sbyte)setting.Type);
            body.WriteString(includeDocumentation ? setting.Documentation : null);
        }
    }

    private sealed record Resource(ConfigResource Type, string Name, HashSet<string>? Names);
}
