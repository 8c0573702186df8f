using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The log entry that stores a group's snapshot.</summary>
internal sealed class GroupUpdate(StoredGroups groups, GroupSnapshot snapshot) : CompletableEntry<ErrorCode>
{
    public override RecordKind Kind => RecordKind.GroupStored;

    public override EntryPayload Payload => MetadataPayload(writer => GroupSnapshot.Write(writer, snapshot));

    public override bool Prepare() => true;

    public override void Apply() => groups.Set(snapshot);

    protected override ErrorCode Outcome => ErrorCode.None;
}
