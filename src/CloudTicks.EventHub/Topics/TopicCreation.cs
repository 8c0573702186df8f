using CloudTicks.EventHub.Protocol;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic on its way through the log.</summary>
internal sealed class TopicCreation(TopicCatalog catalog, string name, int partitions, TopicSettings settings) : AnsweredEntry<ErrorCode>
{
    private readonly Guid _id = Guid.NewGuid();
    private ErrorCode _outcome;
    private Topic? _topic;

    public override RecordKind Kind => RecordKind.TopicCreated;

    public override EntryPayload Payload => Whole(writer => Write(writer, _topic!));

    public override bool Prepare()
    {
        _outcome = catalog.TryAdd(_id, name, partitions, settings, out _topic);
        return _outcome == ErrorCode.None;
    }

    public override void Undo() => catalog.Remove(name);

    public override void Apply(ApplyRound round)
    {
        if (_topic is not null)
        {
            catalog.Show(_topic);
        }
    }

    public static void Write(WireWriter writer, Topic topic)
    {
        writer.WriteInt32(topic.Number);
        writer.WriteGuid(topic.Id);
        writer.WriteString(topic.Name);
        writer.WriteInt32(topic.Partitions.Length);
        writer.WriteInt32(topic.Settings.SegmentBytes);
        writer.WriteInt32(topic.Settings.MaxMessageBytes);
    }

    /// <summary>At start: makes the topic again that a record or a checkpoint names, unless it is there.</summary>
    public static Topic Read(ref WireReader reader, TopicCatalog catalog)
    {
        var number = reader.ReadInt32();
        var id = reader.ReadGuid();
        var name = reader.ReadString();
        var partitions = reader.ReadInt32();
        var settings = new TopicSettings { SegmentBytes = reader.ReadInt32(), MaxMessageBytes = reader.ReadInt32() };
        if (catalog.FindNumber(number) is { } known)
        {
            return known;
        }

        var topic = catalog.Add(number, id, name, partitions, settings);
        catalog.Show(topic);
        return topic;
    }

    protected override ErrorCode Outcome => _outcome;
}
