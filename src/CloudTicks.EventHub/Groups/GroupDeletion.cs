using CloudTicks.EventHub.Protocol;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Groups;

/// <summary>The end of a group's offsets on its way through the log.</summary>
internal sealed class GroupDeletion(CommittedOffsets offsets, string group) : AnsweredEntry<ErrorCode>
{
    public override RecordKind Kind => RecordKind.GroupDeleted;

    public override EntryPayload Payload => Whole(writer => writer.WriteString(group));

    public override bool Prepare() => true;

    public override void Apply(ApplyRound round) => offsets.Remove(group);

    public static void Replay(ref WireReader reader, CommittedOffsets offsets) => offsets.Remove(reader.ReadString());

    protected override ErrorCode Outcome => ErrorCode.None;
}
