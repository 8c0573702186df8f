using System.Globalization;
using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// DescribeConfigs, key 32, versions 0 to 3: a topic's settings, and two entries of our own that identify the stream itself,
/// <c>cloudticks.cluster.id</c> and <c>cloudticks.topic.id</c>. A broker has no settings that clients could ask for, but tells of its disk
/// by <c>cloudticks.disk.free.bytes</c> and <c>cloudticks.disk.total.bytes</c>, and by <c>cloudticks.write.problem</c> of why it takes no
/// writes, which no error code of the protocol can say; null while it takes them.
/// </summary>
internal sealed class DescribeConfigsApi(BrokerNode broker) : Api(ApiKey.DescribeConfigs, 0, 3)
{
    private const sbyte TopicResource = 2;
    private const sbyte BrokerResource = 4;
    private const sbyte SourceTopic = 1;
    private const sbyte SourceDefault = 5;
    private const sbyte UnknownType = 0;

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var resources = Read(request);
        var version = request.Version;
        response.Body.WriteInt32(0);
        response.Body.WriteArray(resources, (w, resource) =>
        {
            var (error, message, settings) = Describe(resource);
            w.WriteError(error);
            w.WriteString(message);
            w.WriteInt8(resource.Type);
            w.WriteString(resource.Name);
            w.WriteArray(settings, (w, setting) => Write(w, version, setting));
        });
        return ValueTask.CompletedTask;
    }

    private static List<Resource> Read(Request request)
    {
        var reader = new WireReader(request.Body.Span);
        var resources = new List<Resource>();
        for (var count = reader.ReadArrayLength(7); count > 0; count--)
        {
            var (type, name) = (reader.ReadInt8(), reader.ReadString());
            var wanted = reader.ReadNullableArrayLength(2);
            HashSet<string>? names = wanted < 0 ? null : [];
            for (; wanted > 0; wanted--)
            {
                names!.Add(reader.ReadString());
            }

            resources.Add(new Resource(type, name, names));
        }

        return resources;
    }

    private (ErrorCode Error, string? Message, List<Setting> Settings) Describe(Resource resource)
    {
        if (resource.Type == BrokerResource)
        {
            Setting[] disk =
            [
                new("cloudticks.disk.free.bytes", Text(broker.Storage.FreeBytes), ReadOnly: true, IsDefault: false),
                new("cloudticks.disk.total.bytes", Text(broker.Storage.TotalBytes), ReadOnly: true, IsDefault: false),
                new("cloudticks.write.problem", broker.Storage.WriteProblem, ReadOnly: true, IsDefault: false),
            ];
            return (ErrorCode.None, null, Wanted(disk, resource));
        }

        if (resource.Type != TopicResource)
        {
            return (ErrorCode.InvalidRequest, "Only topics and the broker can be described.", []);
        }

        if (!broker.Storage.Topics.Find(resource.Name, out var topic))
        {
            return (ErrorCode.UnknownTopicOrPartition, null, []);
        }

        var settings = topic.Settings.All().Select(s => new Setting(s.Name, s.Value, ReadOnly: true, s.IsDefault))
            .Append(new Setting("cloudticks.cluster.id", broker.ClusterId, ReadOnly: true, IsDefault: false))
            .Append(new Setting("cloudticks.topic.id", topic.Id.ToString("N"), ReadOnly: true, IsDefault: false));
        return (ErrorCode.None, null, Wanted(settings, resource));
    }

    private static List<Setting> Wanted(IEnumerable<Setting> settings, Resource resource) =>
        [.. settings.Where(setting => resource.Wanted is null || resource.Wanted.Contains(setting.Name))];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Write(WireWriter body, short version, Setting setting)
    {
        body.WriteString(setting.Name);
        body.WriteString(setting.Value);
        body.WriteBoolean(setting.ReadOnly);
        if (version == 0)
        {
            body.WriteBoolean(setting.IsDefault);
        }
        else
        {
            body.WriteInt8(setting.IsDefault ? SourceDefault : SourceTopic);
        }

        body.WriteBoolean(false); // sensitive
        if (version >= 1)
        {
            body.WriteInt32(0); // synonyms
        }

        if (version >= 3)
        {
            body.WriteInt8(UnknownType);
            body.WriteString(null); // documentation
        }
    }

    private sealed record Resource(sbyte Type, string Name, HashSet<string>? Wanted);

    private sealed record Setting(string Name, string? Value, bool ReadOnly, bool IsDefault);
}
