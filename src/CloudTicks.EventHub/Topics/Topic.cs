using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic and its partitions. A topic that is created again with the same name has a new id and number.</summary>
internal sealed class Topic
{
    private const int MaxNameLength = 249;
    private readonly Disk _disk;
    private readonly TimeProvider _time;
    private PartitionLog[] _partitions = [];
    private TopicSettings _settings;

    public Topic(Disk disk, TimeProvider time, string topicsFolder, int number, Guid id, string name, TopicSettings settings)
    {
        (_disk, _time) = (disk, time);
        Number = number;
        Id = id;
        Name = name;
        _settings = SettingsInLog = settings;
        Folder = Path.Combine(topicsFolder, id.ToString("N"));
    }

    /// <summary>Identifies the topic in the log.</summary>
    public int Number { get; }

    public Guid Id { get; }

    public string Name { get; }

    /// <summary>The durable settings.</summary>
    public TopicSettings Settings => Volatile.Read(ref _settings);

    /// <summary>Log thread only: the settings, including changes that are not durable yet.</summary>
    public TopicSettings SettingsInLog { get; set; }

    /// <summary>The log position of the last change to <see cref="Settings"/>; -1 when unknown or never changed.</summary>
    public long SettingsChangedAt { get; private set; } = -1;

    /// <summary>The durable partitions. The array never changes; when partitions are added, a longer array replaces it.</summary>
    public PartitionLog[] Partitions => Volatile.Read(ref _partitions);

    public string Folder { get; }

    /// <summary>Log thread only: the number of partitions, including those that are not durable yet.</summary>
    public int PartitionsInLog { get; set; }

    /// <summary>Log thread only: true when the topic accepts no more batches.</summary>
    public bool Deleted { get; set; }

    public PartitionLog? Partition(int partition) => Partitions is var all && (uint)partition < (uint)all.Length ? all[partition] : null;

    /// <summary>Creates further partitions, which are not visible yet.</summary>
    public PartitionLog[] CreatePartitions(int count) =>
    [
        .. Enumerable.Range(PartitionsInLog, count)
            .Select(partition =>
                new PartitionLog(
                    _disk, Path.Combine(Folder, $"{partition}"), new PartitionName(Name, partition), Settings.SegmentBytes,
                    Settings.RollAge, _time)
                {
                    Address = new BatchAddress(Number, partition),
                })
    ];

    /// <summary>Apply thread, and at startup: makes durable partitions visible.</summary>
    public void Publish(PartitionLog[] added)
    {
        SetRollLimits(added, Settings);
        Volatile.Write(ref _partitions, [.. _partitions, .. added]);
    }

    /// <summary>Apply thread, and at startup: makes durable settings visible.</summary>
    /// <param name="position">The log position of the change.</param>
    public void Publish(TopicSettings settings, long position)
    {
        SettingsChangedAt = position;
        Volatile.Write(ref _settings, settings);
        SetRollLimits(_partitions, settings);
    }

    /// <summary>Kafka's rule: 1 to 249 letters, digits, dots, underscores and hyphens, but not "." or "..".</summary>
    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name is not ("." or "..")
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static void SetRollLimits(PartitionLog[] partitions, TopicSettings settings)
    {
        foreach (var partition in partitions)
        {
            partition.SetRollLimits(settings.SegmentBytes, settings.RollAge);
        }
    }
}
