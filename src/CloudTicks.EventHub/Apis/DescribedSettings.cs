using System.Globalization;
using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// The settings of topics and of the broker, as clients see them. <c>cloudticks.cluster.id</c> and <c>cloudticks.topic.id</c> together
/// identify a stream. <c>cloudticks.disk.free.bytes</c> and <c>cloudticks.disk.total.bytes</c> report the disk.
/// <c>cloudticks.write.problem</c> is the reason why the event hub accepts no writes, for which the protocol has no error code; null while
/// it accepts them.
/// </summary>
internal sealed class DescribedSettings(BrokerNode broker)
{
    public IEnumerable<DescribedSetting> ForTopic(Topic topic) =>
    [
        .. FromSettings(topic.Settings),
        FromHub("cloudticks.cluster.id", SettingType.String, broker.ClusterId, "Identifies the data folder of the event hub."),
        FromHub(
            "cloudticks.topic.id", SettingType.String, topic.Id.ToString("N"), "Identifies this topic; a re-created topic has a new id."),
    ];

    public static IEnumerable<DescribedSetting> FromSettings(TopicSettings settings) =>
        TopicSettings.Table.Zip(settings.All(), static (row, setting) =>
        {
            var source = setting.IsDefault ? SettingSource.Default : SettingSource.Topic;
            (string, string?, SettingSource) byDefault = (row.BrokerName, row.Default, SettingSource.Default);
            return new DescribedSetting(
                row.Name, setting.Value, ReadOnly: !row.CanChange, source, row.Type, row.Documentation,
                setting.IsDefault ? [byDefault] : [(row.Name, setting.Value, source), byDefault]);
        });

    public IEnumerable<DescribedSetting> ForBroker()
    {
        var options = broker.Options;
        return
        [
            FromHub("broker.id", SettingType.Int, Text(BrokerNode.NodeId), "The id of the only broker."),
            FromHub("log.dirs", SettingType.String, broker.Storage.Root, "The data folder."),
            FromHub(
                "num.partitions", SettingType.Int, Text(options.DefaultPartitions),
                "The partitions of a topic that is created without a partition count."),
            FromHub("default.replication.factor", SettingType.Int, "1", "The cluster has one broker."),
            FromHub("auto.create.topics.enable", SettingType.Boolean, "true", "A missing topic is created when a client requests it."),
            FromHub("delete.topic.enable", SettingType.Boolean, "true", "Clients may delete topics."),
            FromHub(
                "group.min.session.timeout.ms", SettingType.Int, Text(options.GroupMinSessionTimeout),
                "The minimum session timeout of a group member in milliseconds."),
            FromHub(
                "group.max.session.timeout.ms", SettingType.Int, Text(options.GroupMaxSessionTimeout),
                "The maximum session timeout of a group member in milliseconds."),
            FromHub(
                "group.initial.rebalance.delay.ms", SettingType.Int, Text(options.GroupInitialRebalanceDelay),
                "Milliseconds that the first members of a group wait for more members."),
            FromHub("cloudticks.disk.free.bytes", SettingType.Long, Text(broker.Storage.FreeBytes), "Free bytes on the disk."),
            FromHub("cloudticks.disk.total.bytes", SettingType.Long, Text(broker.Storage.TotalBytes), "Size of the disk in bytes."),
            FromHub("cloudticks.write.problem", SettingType.String, broker.Storage.WriteProblem, "Why writes are refused."),
        ];
    }

    private static DescribedSetting FromHub(string name, SettingType type, string? value, string documentation) =>
        new(name, value, ReadOnly: true, SettingSource.Broker, type, documentation, [(name, value, SettingSource.Broker)]);

    private static string Text(TimeSpan time) => Text((long)time.TotalMilliseconds);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
