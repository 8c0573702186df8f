using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic and its partitions. A topic that is made again under the same name gets another id and number.</summary>
internal sealed class Topic
{
    private const int LongestName = 249;
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

    /// <summary>Stands for the topic in the log.</summary>
    public int Number { get; }

    public Guid Id { get; }

    public string Name { get; }

    /// <summary>Those that are durable.</summary>
    public TopicSettings Settings => Volatile.Read(ref _settings);

    /// <summary>Log thread only: the settings, those included that are not durable yet.</summary>
    public TopicSettings SettingsInLog { get; set; }

    /// <summary>Where in the log <see cref="Settings"/> were last changed; -1 when that is not known, or they never were.</summary>
    public long SettingsChangedAt { get; private set; } = -1;

    /// <summary>Those that are durable; the array is never changed, a longer one takes its place.</summary>
    public PartitionLog[] Partitions => Volatile.Read(ref _partitions);

    public string Folder { get; }

    /// <summary>Log thread only: partitions, those included that are not durable yet.</summary>
    public int PartitionsInLog { get; set; }

    /// <summary>Log thread only: no batch is taken any more.</summary>
    public bool Deleted { get; set; }

    public PartitionLog? Partition(int partition) => Partitions is var all && (uint)partition < (uint)all.Length ? all[partition] : null;

    /// <summary>Partitions that are to follow those in the log; nobody sees them yet.</summary>
    public PartitionLog[] Make(int count) =>
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

    /// <summary>Apply thread, and at start: partitions are durable.</summary>
    public void Show(PartitionLog[] more)
    {
        Roll(more, Settings);
        Volatile.Write(ref _partitions, [.. _partitions, .. more]);
    }

    /// <summary>Apply thread, and at start: other settings are durable.</summary>
    /// <param name="position">Where the log has the change.</param>
    public void Show(TopicSettings settings, long position)
    {
        SettingsChangedAt = position;
        Volatile.Write(ref _settings, settings);
        Roll(_partitions, settings);
    }

    /// <summary>Kafka's rule: 1 to 249 of letters, digits, dot, underscore and hyphen, but not "." or "..".</summary>
    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= LongestName && name is not ("." or "..")
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static void Roll(PartitionLog[] partitions, TopicSettings settings)
    {
        foreach (var partition in partitions)
        {
            partition.RollBy(settings.SegmentBytes, settings.RollAge);
        }
    }
}
