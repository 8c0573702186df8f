using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>The log entry that adds partitions to a topic.</summary>
internal sealed class PartitionsAddition(TopicCatalog catalog, string name, int count) : CompletableEntry<ErrorCode>
{
    private ErrorCode _outcome;
    private Topic? _topic;
    private PartitionLog[] _addedPartitions = [];

    public override RecordKind Kind => RecordKind.PartitionsAdded;

    public override EntryPayload Payload => MetadataPayload(writer =>
    {
        writer.WriteInt32(_topic!.Number);
        writer.WriteInt32(count);
    });

    public override bool Prepare()
    {
        _outcome = catalog.TryGrow(name, count, out _topic, out _addedPartitions);
        return _outcome == ErrorCode.None;
    }

    public override void Undo() => catalog.Shrink(_topic!, _addedPartitions.Length);

    public override void Apply()
    {
        if (_addedPartitions.Length > 0)
        {
            _topic!.Publish(_addedPartitions);
            catalog.WriteFile(_topic);
        }
    }

    /// <summary>At startup: adds the partitions of a log record, except those that already exist.</summary>
    public static void Replay(ref WireReader reader, TopicCatalog catalog)
    {
        var (number, count) = (reader.ReadInt32(), reader.ReadInt32());
        if (catalog.FindNumber(number) is { } topic && count > topic.PartitionsInLog)
        {
            topic.Publish(catalog.Grow(topic, count - topic.PartitionsInLog));
        }
    }

    protected override ErrorCode Outcome => _outcome;
}
