using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>More partitions of a topic, on their way through the log.</summary>
internal sealed class PartitionsAddition(TopicCatalog catalog, string name, int count) : CompletableEntry<ErrorCode>
{
    private ErrorCode _outcome;
    private Topic? _topic;
    private PartitionLog[] _more = [];

    public override RecordKind Kind => RecordKind.PartitionsAdded;

    public override EntryPayload Payload => Whole(writer =>
    {
        writer.WriteInt32(_topic!.Number);
        writer.WriteInt32(count);
    });

    public override bool Prepare()
    {
        _outcome = catalog.TryGrow(name, count, out _topic, out _more);
        return _outcome == ErrorCode.None;
    }

    public override void Undo() => catalog.Shrink(_topic!, _more.Length);

    public override void Apply()
    {
        if (_more.Length > 0)
        {
            _topic!.Show(_more);
            catalog.WriteFile(_topic);
        }
    }

    /// <summary>At start: adds what a record says and the checkpoint does not have yet.</summary>
    public static void Replay(ref WireReader reader, TopicCatalog catalog)
    {
        var (number, count) = (reader.ReadInt32(), reader.ReadInt32());
        if (catalog.FindNumber(number) is { } topic && count > topic.PartitionsInLog)
        {
            topic.Show(catalog.Grow(topic, count - topic.PartitionsInLog));
        }
    }

    protected override ErrorCode Outcome => _outcome;
}
