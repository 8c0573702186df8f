using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>The log entry that creates a topic.</summary>
internal sealed class TopicCreation(TopicCatalog catalog, string name, int partitions, TopicSettings settings) : CompletableEntry<ErrorCode>
{
    private readonly Guid _id = Guid.NewGuid();
    private ErrorCode _outcome;
    private Topic? _topic;

    public override RecordKind Kind => RecordKind.TopicCreatedWithSettings;

    public override EntryPayload Payload => MetadataPayload(writer => Write(writer, _topic!));

    public override bool Prepare()
    {
        _outcome = catalog.TryAdd(_id, name, partitions, settings, out _topic);
        return _outcome == ErrorCode.None;
    }

    public override void Undo() => catalog.Remove(name);

    public override void Apply()
    {
        if (_topic is not null)
        {
            catalog.Publish(_topic);
            catalog.WriteFile(_topic);
        }
    }

    public static void Write(WireWriter writer, Topic topic)
    {
        writer.WriteInt32(topic.Number);
        writer.WriteGuid(topic.Id);
        writer.WriteString(topic.Name);
        writer.WriteInt32(topic.Partitions.Length);
        StoredSettings.Write(writer, topic.Settings);
    }

    /// <summary>Called at startup: reads a topic from the write-ahead log or a snapshot, and adds it unless it exists.</summary>
    /// <param name="reader">Must be at the start of the bytes that <see cref="Write"/> wrote.</param>
    /// <param name="old">True for the layout of the first releases, which had two numbers instead of the settings.</param>
    public static Topic Read(ref WireReader reader, TopicCatalog catalog, bool old)
    {
        var topic = StoredTopic.Read(ref reader, old);
        return catalog.FindNumber(topic.Number) ?? catalog.Add(topic);
    }

    protected override ErrorCode Outcome => _outcome;
}
