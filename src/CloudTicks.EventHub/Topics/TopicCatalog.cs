using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Topics;

/// <summary>The topics: <see cref="Find"/> and <see cref="All"/> show durable ones, the log's thread has its newer view.</summary>
internal sealed class TopicCatalog(Disk disk, TimeProvider time, string topicsFolder, int maxPartitions)
{
    private readonly ConcurrentDictionary<string, Topic> _durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Topic> _inLog = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Topic> _byNumber = [];
    private int _partitions;

    /// <summary>Told of damage that a read meets in any partition.</summary>
    public Action<BatchDamage>? Damaged { get; set; }

    public IReadOnlyCollection<Topic> All => [.. _durable.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>Log thread: every topic, those included that are not durable yet.</summary>
    public IReadOnlyCollection<Topic> InLog => _inLog.Values;

    /// <summary>Log thread: the number that the next topic gets.</summary>
    public int NextNumber { get; set; } = 1;

    public bool Find(string name, [NotNullWhen(true)] out Topic? topic) => _durable.TryGetValue(name, out topic);

    /// <summary>Log thread: a topic, one included that is not durable yet.</summary>
    public Topic? FindInLog(string name) => _inLog.GetValueOrDefault(name);

    /// <summary>At start only.</summary>
    public Topic? FindNumber(int number) => _byNumber.GetValueOrDefault(number);

    public PartitionLog? FindPartition(string topic, int partition) => Find(topic, out var found) ? found.Partition(partition) : null;

    /// <summary>Log thread: makes a topic, if its name is free and there is room.</summary>
    public ErrorCode TryAdd(Guid id, string name, int partitions, TopicSettings settings, out Topic? topic)
    {
        topic = null;
        if (_inLog.ContainsKey(name))
        {
            return ErrorCode.TopicAlreadyExists;
        }

        if (_partitions + partitions > maxPartitions)
        {
            return ErrorCode.PolicyViolation;
        }

        topic = Add(NextNumber, id, name, partitions, settings);
        return ErrorCode.None;
    }

    /// <summary>Log thread, and at start: a topic that is in the log.</summary>
    public Topic Add(int number, Guid id, string name, int partitions, TopicSettings settings)
    {
        var topic = new Topic(disk, time, topicsFolder, number, id, name, settings);
        topic.Show(Grow(topic, partitions));
        _inLog.Add(name, topic);
        _byNumber.Add(number, topic);
        NextNumber = Math.Max(NextNumber, number + 1);
        return topic;
    }

    /// <summary>At start: a topic that is durable.</summary>
    public Topic Add(StoredTopic stored)
    {
        var topic = Add(stored.Number, stored.Id, stored.Name, stored.Partitions, stored.Settings);
        Show(topic);
        return topic;
    }

    /// <summary>Log thread: gives a topic more partitions, if there is room.</summary>
    /// <param name="topic">The topic; null when there is none.</param>
    public ErrorCode TryGrow(string name, int count, out Topic? topic, out PartitionLog[] more)
    {
        more = [];
        if (!_inLog.TryGetValue(name, out topic))
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        var missing = count - topic.PartitionsInLog;
        if (missing <= 0)
        {
            return ErrorCode.InvalidPartitions;
        }

        if (_partitions + missing > maxPartitions)
        {
            return ErrorCode.PolicyViolation;
        }

        more = Grow(topic, missing);
        return ErrorCode.None;
    }

    /// <summary>Log thread, and at start: makes partitions, which <see cref="Topic.Show(PartitionLog[])"/> then shows.</summary>
    public PartitionLog[] Grow(Topic topic, int count)
    {
        var more = topic.Make(count);
        foreach (var partition in more)
        {
            partition.Reader.Damaged = damage => Damaged?.Invoke(damage);
        }

        topic.PartitionsInLog += count;
        _partitions += count;
        return more;
    }

    /// <summary>Log thread: takes back a <see cref="TryGrow"/>.</summary>
    public void Shrink(Topic topic, int count)
    {
        topic.PartitionsInLog -= count;
        _partitions -= count;
    }

    /// <summary>Log thread: a topic leaves the log's view.</summary>
    public Topic? Remove(string name)
    {
        if (!_inLog.Remove(name, out var topic))
        {
            return null;
        }

        topic.Deleted = true;
        _byNumber.Remove(topic.Number);
        _partitions -= topic.PartitionsInLog;
        return topic;
    }

    /// <summary>Log thread: takes back a <see cref="Remove"/>.</summary>
    public void Restore(Topic topic)
    {
        topic.Deleted = false;
        _inLog.Add(topic.Name, topic);
        _byNumber.Add(topic.Number, topic);
        _partitions += topic.PartitionsInLog;
    }

    /// <summary>Apply thread: a topic is durable.</summary>
    public void Show(Topic topic) => _durable[topic.Name] = topic;

    /// <summary>Apply thread, and at start: the copy of what the log says of it.</summary>
    public void WriteFile(Topic topic) => TopicFile.Write(disk, topic);

    /// <summary>At start, when the log is damaged: topics and partitions that it no longer names, by the files beside them.</summary>
    /// <param name="from">Topics with smaller numbers are in the last checkpoint, or were deleted before it.</param>
    /// <param name="deleted">Numbers of topics that the log says are deleted.</param>
    public List<Topic> FindAgain(int from, IReadOnlySet<int> deleted)
    {
        var found = new List<Topic>();
        foreach (var stored in TopicFile.ReadAll(topicsFolder))
        {
            if (FindNumber(stored.Number) is { } known)
            {
                known.Show(Grow(known, Math.Max(stored.Partitions - known.PartitionsInLog, 0)));
            }
            else if (stored.Number >= from && !deleted.Contains(stored.Number) && !_inLog.ContainsKey(stored.Name))
            {
                found.Add(Add(stored));
            }
        }

        return found;
    }

    /// <summary>At start, when the log is damaged and read: topics whose files know of a later change of settings than the log.</summary>
    /// <param name="checkpointed">The checkpoint has the changes before this position.</param>
    public List<Topic> FindSettingsAgain(long checkpointed)
    {
        var found = new List<Topic>();
        foreach (var stored in TopicFile.ReadAll(topicsFolder).Where(s => s.SettingsChangedAt >= checkpointed))
        {
            if (FindNumber(stored.Number) is { } topic && topic.SettingsChangedAt < stored.SettingsChangedAt)
            {
                topic.SettingsInLog = stored.Settings;
                topic.Show(stored.Settings, stored.SettingsChangedAt);
                found.Add(topic);
            }
        }

        return found;
    }

    /// <summary>Apply thread: what is left of a deleted topic on disk goes.</summary>
    public void DeleteFolder(Topic topic) => disk.DeleteFolder(topic.Folder);

    /// <summary>Apply thread: a deletion is durable.</summary>
    public void Hide(Topic topic) => _durable.TryRemove(new KeyValuePair<string, Topic>(topic.Name, topic));
}
