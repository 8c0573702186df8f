using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>A group's image on its way through the log.</summary>
internal sealed class GroupUpdate(StoredGroups groups, GroupSnapshot image) : CompletableEntry<ErrorCode>
{
    public override RecordKind Kind => RecordKind.GroupStored;

    public override EntryPayload Payload => Whole(writer => GroupSnapshot.Write(writer, image));

    public override bool Prepare() => true;

    public override void Apply() => groups.Set(image);

    protected override ErrorCode Outcome => ErrorCode.None;
}
