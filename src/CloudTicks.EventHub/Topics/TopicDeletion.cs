using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>
/// The log entry that deletes a topic. The committed offsets of the topic are deleted with it, so that they do not apply to a new topic
/// with the same name.
/// </summary>
internal sealed class TopicDeletion(TopicCatalog catalog, Action<string> removeOffsets, string name) : CompletableEntry<ErrorCode>
{
    private Topic? _topic;

    public override RecordKind Kind => RecordKind.TopicDeleted;

    public override bool FreesSpace => true;

    public override EntryPayload Payload => MetadataPayload(writer => writer.WriteInt32(_topic!.Number));

    public override bool Prepare()
    {
        _topic = catalog.Remove(name);
        return _topic is not null;
    }

    public override void Undo() => catalog.Restore(_topic!);

    public override void Apply()
    {
        if (_topic is not null)
        {
            Apply(_topic, catalog, removeOffsets);
        }
    }

    /// <summary>At startup: deletes the topic that a log record names.</summary>
    public static void Replay(ref WireReader reader, TopicCatalog catalog, Action<string> removeOffsets)
    {
        if (catalog.FindNumber(reader.ReadInt32()) is { } topic)
        {
            catalog.Remove(topic.Name);
            Apply(topic, catalog, removeOffsets);
        }
    }

    protected override ErrorCode Outcome => _topic is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None;

    private static void Apply(Topic topic, TopicCatalog catalog, Action<string> removeOffsets)
    {
        catalog.Hide(topic);
        removeOffsets(topic.Name);
        foreach (var partition in topic.Partitions)
        {
            partition.Delete();
        }

        catalog.DeleteFolder(topic);
    }
}
