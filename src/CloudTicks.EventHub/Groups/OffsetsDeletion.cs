using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The log entry that deletes some of a group's offsets.</summary>
internal sealed class OffsetsDeletion(CommittedOffsets offsets, string group, IReadOnlyCollection<PartitionName> partitions)
    : CompletableEntry<ErrorCode>
{
    public override RecordKind Kind => RecordKind.OffsetsDeleted;

    public override EntryPayload Payload => MetadataPayload(writer =>
    {
        writer.WriteString(group);
        writer.WriteArray(partitions, static (w, partition) =>
        {
            w.WriteString(partition.Topic);
            w.WriteInt32(partition.Partition);
        });
    });

    public override bool Prepare() => true;

    public override void Apply() => offsets.Remove(group, partitions);

    public static void Replay(ref WireReader reader, CommittedOffsets offsets)
    {
        var group = reader.ReadString();
        var partitions = new List<PartitionName>();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            partitions.Add(new PartitionName(reader.ReadString(), reader.ReadInt32()));
        }

        offsets.Remove(group, partitions);
    }

    protected override ErrorCode Outcome => ErrorCode.None;
}
