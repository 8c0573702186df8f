using System.Collections.Concurrent;
using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Groups;

/// <summary>The durable offsets of all groups. They never expire.</summary>
internal sealed class CommittedOffsets
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<PartitionName, CommittedOffset>> _groups =
        new(StringComparer.Ordinal);

    public IEnumerable<string> Groups => _groups.Keys;

    public int Count => _groups.Count;

    public bool Has(string group) => _groups.ContainsKey(group);

    public CommittedOffset? Find(string group, PartitionName partition) =>
        _groups.TryGetValue(group, out var offsets) && offsets.TryGetValue(partition, out var offset) ? offset : null;

    public IReadOnlyCollection<KeyValuePair<PartitionName, CommittedOffset>> All(string group) =>
        _groups.TryGetValue(group, out var offsets) ? [.. offsets] : [];

    public void Set(string group, PartitionName partition, CommittedOffset offset) =>
        _groups.GetOrAdd(group, static _ => new ConcurrentDictionary<PartitionName, CommittedOffset>())[partition] = offset;

    /// <summary>Apply thread, and at startup: removes deleted offsets, and the group when no offset remains.</summary>
    public void Remove(string group, IEnumerable<PartitionName> partitions)
    {
        if (!_groups.TryGetValue(group, out var offsets))
        {
            return;
        }

        foreach (var partition in partitions)
        {
            offsets.TryRemove(partition, out _);
        }

        if (offsets.IsEmpty)
        {
            _groups.TryRemove(group, out _);
        }
    }

    /// <summary>Apply thread: removes the offsets of a deleted topic.</summary>
    public void RemoveTopic(string topic)
    {
        foreach (var (_, offsets) in _groups)
        {
            foreach (var partition in offsets.Keys.Where(p => p.Topic == topic))
            {
                offsets.TryRemove(partition, out _);
            }
        }
    }

    /// <summary>Apply thread: removes a deleted group.</summary>
    public void Remove(string group) => _groups.TryRemove(group, out _);
}
