using System.Collections.Concurrent;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The durable images of groups with members, or with committed offsets and former members.</summary>
internal sealed class StoredGroups(CommittedOffsets offsets)
{
    private readonly ConcurrentDictionary<string, GroupSnapshot> _groups = new(StringComparer.Ordinal);

    public IReadOnlyCollection<GroupSnapshot> All => [.. _groups.Values];

    public GroupSnapshot? Find(string group) => _groups.GetValueOrDefault(group);

    /// <summary>Apply thread, and at start.</summary>
    public void Set(GroupSnapshot image)
    {
        if (image.Members.Count > 0 || offsets.Has(image.Id))
        {
            _groups[image.Id] = image;
        }
        else
        {
            Remove(image.Id);
        }
    }

    /// <summary>Apply thread, and at start: a group was deleted.</summary>
    public void Remove(string group) => _groups.TryRemove(group, out _);

    /// <summary>At start: takes what a record or a checkpoint says.</summary>
    public void Read(ref WireReader reader) => Set(GroupSnapshot.Read(ref reader));
}
