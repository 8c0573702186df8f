using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The log entry that deletes an empty group.</summary>
internal sealed class GroupDeletion(CommittedOffsets offsets, StoredGroups groups, string group) : CompletableEntry<ErrorCode>
{
    public override RecordKind Kind => RecordKind.GroupDeleted;

    public override EntryPayload Payload => MetadataPayload(writer => writer.WriteString(group));

    public override bool Prepare() => true;

    public override void Apply() => Apply(group, offsets, groups);

    public static void Replay(ref WireReader reader, CommittedOffsets offsets, StoredGroups groups) =>
        Apply(reader.ReadString(), offsets, groups);

    protected override ErrorCode Outcome => ErrorCode.None;

    /// <summary>Deletes the group's offsets; also deletes the group, unless a member has joined in the meantime.</summary>
    private static void Apply(string group, CommittedOffsets offsets, StoredGroups groups)
    {
        offsets.Remove(group);
        if (groups.Find(group) is { Members.Count: 0 })
        {
            groups.Remove(group);
        }
    }
}
