using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>
/// Other settings of a topic, on their way through the log. Each change is worked out against the settings that the log has by then, so
/// that two at a time both count.
/// </summary>
internal sealed class SettingsChange(TopicCatalog catalog, string name, Func<TopicSettings, (TopicSettings Settings, string? Wrong)> change)
    : CompletableEntry<(ErrorCode Error, string? Message)>
{
    private (ErrorCode, string?) _outcome;
    private Topic? _topic;
    private TopicSettings _before = new();
    private TopicSettings? _after;
    private long _position;

    public override RecordKind Kind => RecordKind.TopicSettingsChanged;

    /// <summary>A shorter retention is what makes room.</summary>
    public override bool FreesSpace => true;

    public override EntryPayload Payload => Whole(writer =>
    {
        writer.WriteInt32(_topic!.Number);
        StoredSettings.Write(writer, _after!);
    });

    public override bool Prepare()
    {
        _topic = catalog.FindInLog(name);
        if (_topic is null)
        {
            _outcome = (ErrorCode.UnknownTopicOrPartition, null);
            return false;
        }

        var (after, wrong) = change(_topic.SettingsInLog);
        if (wrong is not null)
        {
            _outcome = (ErrorCode.InvalidConfig, wrong);
            return false;
        }

        (_before, _after) = (_topic.SettingsInLog, after);
        _topic.SettingsInLog = after;
        return true;
    }

    public override void Stored(LogFile file, long position) => _position = position;

    public override void Undo() => _topic!.SettingsInLog = _before;

    public override void Apply()
    {
        if (_after is not null)
        {
            _topic!.Show(_after, _position);
            catalog.WriteFile(_topic);
        }
    }

    /// <summary>At start: the settings that a record names.</summary>
    public static void Replay(ref WireReader reader, TopicCatalog catalog, long position)
    {
        if (catalog.FindNumber(reader.ReadInt32()) is { } topic)
        {
            topic.SettingsInLog = StoredSettings.Read(ref reader, topic.Name);
            topic.Show(topic.SettingsInLog, position);
        }
    }

    protected override (ErrorCode Error, string? Message) Outcome => _outcome;
}
