using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Topics;

/// <summary>
/// The topics of the event hub. <see cref="Find"/> and <see cref="All"/> return durable topics; the log thread also sees topics that are
/// not durable yet.
/// </summary>
internal sealed class TopicCatalog(Disk disk, TimeProvider time, string topicsFolder, int maxPartitions)
{
    private readonly ConcurrentDictionary<string, Topic> _durableTopics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Topic> _topicsInLog = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Topic> _byNumber = [];
    private int _partitionCount;

    /// <summary>Receives the damage that a read finds in any partition.</summary>
    public Action<BatchDamage>? Damaged { get; set; }

    public IReadOnlyCollection<Topic> All => [.. _durableTopics.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>Log thread: every topic, including those that are not durable yet.</summary>
    public IReadOnlyCollection<Topic> InLog => _topicsInLog.Values;

    /// <summary>Log thread: the number of the next topic.</summary>
    public int NextNumber { get; set; } = 1;

    public bool Find(string name, [NotNullWhen(true)] out Topic? topic) => _durableTopics.TryGetValue(name, out topic);

    /// <summary>Log thread: finds a topic, including those that are not durable yet.</summary>
    public Topic? FindInLog(string name) => _topicsInLog.GetValueOrDefault(name);

    /// <summary>Only at startup: finds a topic by its number.</summary>
    public Topic? FindNumber(int number) => _byNumber.GetValueOrDefault(number);

    public PartitionLog? FindPartition(string topic, int partition) => Find(topic, out var found) ? found.Partition(partition) : null;

    /// <summary>Log thread: creates a topic if its name is free and the limit of partitions allows it.</summary>
    public ErrorCode TryAdd(Guid id, string name, int partitions, TopicSettings settings, out Topic? topic)
    {
        topic = null;
        if (_topicsInLog.ContainsKey(name))
        {
            return ErrorCode.TopicAlreadyExists;
        }

        if (_partitionCount + partitions > maxPartitions)
        {
            return ErrorCode.PolicyViolation;
        }

        topic = Add(NextNumber, id, name, partitions, settings);
        return ErrorCode.None;
    }

    /// <summary>Log thread, and at startup: adds a topic, which <see cref="Publish"/> makes visible.</summary>
    public Topic Add(int number, Guid id, string name, int partitions, TopicSettings settings)
    {
        var topic = new Topic(disk, time, topicsFolder, number, id, name, settings);
        topic.Publish(Grow(topic, partitions));
        _topicsInLog.Add(name, topic);
        _byNumber.Add(number, topic);
        NextNumber = Math.Max(NextNumber, number + 1);
        return topic;
    }

    /// <summary>At startup: adds a durable topic.</summary>
    public Topic Add(StoredTopic stored)
    {
        var topic = Add(stored.Number, stored.Id, stored.Name, stored.Partitions, stored.Settings);
        Publish(topic);
        return topic;
    }

    /// <summary>Log thread: adds partitions to a topic if the limit of partitions allows it.</summary>
    /// <param name="topic">The topic; null if it does not exist.</param>
    public ErrorCode TryGrow(string name, int count, out Topic? topic, out PartitionLog[] added)
    {
        added = [];
        if (!_topicsInLog.TryGetValue(name, out topic))
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        var missing = count - topic.PartitionsInLog;
        if (missing <= 0)
        {
            return ErrorCode.InvalidPartitions;
        }

        if (_partitionCount + missing > maxPartitions)
        {
            return ErrorCode.PolicyViolation;
        }

        added = Grow(topic, missing);
        return ErrorCode.None;
    }

    /// <summary>Log thread, and at startup: creates partitions, which <see cref="Topic.Publish(PartitionLog[])"/> makes visible.</summary>
    public PartitionLog[] Grow(Topic topic, int count)
    {
        var added = topic.CreatePartitions(count);
        foreach (var partition in added)
        {
            partition.Reader.Damaged = damage => Damaged?.Invoke(damage);
        }

        topic.PartitionsInLog += count;
        _partitionCount += count;
        return added;
    }

    /// <summary>Log thread: undoes a <see cref="TryGrow"/>.</summary>
    public void Shrink(Topic topic, int count)
    {
        topic.PartitionsInLog -= count;
        _partitionCount -= count;
    }

    /// <summary>
    /// Log thread, and at startup: removes a topic from <see cref="InLog"/>; <see cref="Hide"/> makes it invisible to readers.
    /// </summary>
    public Topic? Remove(string name)
    {
        if (!_topicsInLog.Remove(name, out var topic))
        {
            return null;
        }

        topic.Deleted = true;
        _byNumber.Remove(topic.Number);
        _partitionCount -= topic.PartitionsInLog;
        return topic;
    }

    /// <summary>Log thread: undoes a <see cref="Remove"/>.</summary>
    public void Restore(Topic topic)
    {
        topic.Deleted = false;
        _topicsInLog.Add(topic.Name, topic);
        _byNumber.Add(topic.Number, topic);
        _partitionCount += topic.PartitionsInLog;
    }

    /// <summary>Apply thread: makes a durable topic visible.</summary>
    public void Publish(Topic topic) => _durableTopics[topic.Name] = topic;

    /// <summary>Apply thread, and at startup: writes the topic's file, a copy of its log entry.</summary>
    public void WriteFile(Topic topic) => TopicFile.Write(disk, topic);

    /// <summary>
    /// At startup with a damaged log: reads the files in the topics' folders, and restores the topics and partitions that are missing in
    /// the log.
    /// </summary>
    /// <param name="from">Topics with smaller numbers are in the last checkpoint, or were deleted before it.</param>
    /// <param name="deleted">The numbers of the topics whose deletion is in the log.</param>
    public List<Topic> RestoreTopics(int from, IReadOnlySet<int> deleted)
    {
        var found = new List<Topic>();
        foreach (var stored in TopicFile.ReadAll(topicsFolder))
        {
            if (FindNumber(stored.Number) is { } known)
            {
                known.Publish(Grow(known, Math.Max(stored.Partitions - known.PartitionsInLog, 0)));
            }
            else if (stored.Number >= from && !deleted.Contains(stored.Number) && !_topicsInLog.ContainsKey(stored.Name))
            {
                found.Add(Add(stored));
            }
        }

        return found;
    }

    /// <summary>
    /// At startup, after reading a damaged log: restores the settings of topics whose file contains a later change than the log.
    /// </summary>
    /// <param name="checkpointed">The checkpoint contains the changes before this position.</param>
    public List<Topic> RestoreSettings(long checkpointed)
    {
        var found = new List<Topic>();
        foreach (var stored in TopicFile.ReadAll(topicsFolder).Where(s => s.SettingsChangedAt >= checkpointed))
        {
            if (FindNumber(stored.Number) is { } topic && topic.SettingsChangedAt < stored.SettingsChangedAt)
            {
                topic.SettingsInLog = stored.Settings;
                topic.Publish(stored.Settings, stored.SettingsChangedAt);
                found.Add(topic);
            }
        }

        return found;
    }

    /// <summary>Apply thread: deletes the folder of a deleted topic.</summary>
    public void DeleteFolder(Topic topic) => disk.DeleteFolder(topic.Folder);

    /// <summary>Apply thread: hides a topic whose deletion is durable.</summary>
    public void Hide(Topic topic) => _durableTopics.TryRemove(new KeyValuePair<string, Topic>(topic.Name, topic));
}
