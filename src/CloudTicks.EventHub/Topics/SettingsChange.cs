using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>
/// The log entry that changes the settings of a topic. The log thread applies each change to the newest settings, including those that are
/// not durable yet, so that two concurrent changes both take effect.
/// </summary>
internal sealed class SettingsChange(
    TopicCatalog catalog, string name, Func<TopicSettings, (TopicSettings Settings, string? Problem)> change)
    : CompletableEntry<(ErrorCode Error, string? Message)>
{
    private (ErrorCode, string?) _outcome;
    private Topic? _topic;
    private TopicSettings _settingsBefore = new();
    private TopicSettings? _settingsAfter;
    private long _position;

    public override RecordKind Kind => RecordKind.TopicSettingsChanged;

    /// <summary>True, because a shorter retention frees space.</summary>
    public override bool FreesSpace => true;

    public override EntryPayload Payload => MetadataPayload(writer =>
    {
        writer.WriteInt32(_topic!.Number);
        StoredSettings.Write(writer, _settingsAfter!);
    });

    public override bool Prepare()
    {
        _topic = catalog.FindInLog(name);
        if (_topic is null)
        {
            _outcome = (ErrorCode.UnknownTopicOrPartition, null);
            return false;
        }

        var (after, problem) = change(_topic.SettingsInLog);
        if (problem is not null)
        {
            _outcome = (ErrorCode.InvalidConfig, problem);
            return false;
        }

        (_settingsBefore, _settingsAfter) = (_topic.SettingsInLog, after);
        _topic.SettingsInLog = after;
        return true;
    }

    public override void OnStored(LogFile file, long position) => _position = position;

    public override void Undo() => _topic!.SettingsInLog = _settingsBefore;

    public override void Apply()
    {
        if (_settingsAfter is not null)
        {
            _topic!.Publish(_settingsAfter, _position);
            catalog.WriteFile(_topic);
        }
    }

    /// <summary>At startup: applies the settings of a log record.</summary>
    public static void Replay(ref WireReader reader, TopicCatalog catalog, long position)
    {
        if (catalog.FindNumber(reader.ReadInt32()) is { } topic)
        {
            topic.SettingsInLog = StoredSettings.Read(ref reader, topic.Name);
            topic.Publish(topic.SettingsInLog, position);
        }
    }

    protected override (ErrorCode Error, string? Message) Outcome => _outcome;
}
