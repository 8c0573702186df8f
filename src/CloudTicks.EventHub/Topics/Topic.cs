using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Storage;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic and its partitions. A topic that is made again under the same name gets another id and number.</summary>
internal sealed class Topic
{
    private const int LongestName = 249;

    public Topic(Disk disk, string topicsFolder, int number, Guid id, string name, int partitions, TopicSettings settings)
    {
        Number = number;
        Id = id;
        Name = name;
        Settings = settings;
        Folder = Path.Combine(topicsFolder, id.ToString("N"));
        Partitions =
        [
            .. Enumerable.Range(0, partitions).Select(partition => new PartitionLog(
                disk, Path.Combine(Folder, $"{partition}"), new PartitionName(name, partition), settings.SegmentBytes))
        ];
    }

    /// <summary>Stands for the topic in the log.</summary>
    public int Number { get; }

    public Guid Id { get; }

    public string Name { get; }

    public TopicSettings Settings { get; }

    public PartitionLog[] Partitions { get; }

    public string Folder { get; }

    /// <summary>Log thread only: no batch is taken any more.</summary>
    public bool Deleted { get; set; }

    public PartitionLog? Partition(int partition) => (uint)partition < (uint)Partitions.Length ? Partitions[partition] : null;

    /// <summary>Kafka's rule: 1 to 249 of letters, digits, dot, underscore and hyphen, but not "." or "..".</summary>
    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= LongestName && name is not ("." or "..")
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
