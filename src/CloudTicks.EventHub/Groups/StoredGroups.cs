using System.Collections.Concurrent;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The durable snapshots of groups that have members, or that had members and still have committed offsets.</summary>
internal sealed class StoredGroups(CommittedOffsets offsets)
{
    private readonly ConcurrentDictionary<string, GroupSnapshot> _groups = new(StringComparer.Ordinal);

    public IReadOnlyCollection<GroupSnapshot> All => [.. _groups.Values];

    public GroupSnapshot? Find(string group) => _groups.GetValueOrDefault(group);

    /// <summary>Apply thread, and at startup: stores a snapshot, or removes the group when it has neither members nor offsets.</summary>
    public void Set(GroupSnapshot snapshot)
    {
        if (snapshot.Members.Count > 0 || offsets.Has(snapshot.Id))
        {
            _groups[snapshot.Id] = snapshot;
        }
        else
        {
            Remove(snapshot.Id);
        }
    }

    /// <summary>Apply thread, and at startup: removes a deleted group.</summary>
    public void Remove(string group) => _groups.TryRemove(group, out _);

    /// <summary>At startup: applies a log record or a part of a checkpoint.</summary>
    public void Read(ref WireReader reader) => Set(GroupSnapshot.Read(ref reader));
}
