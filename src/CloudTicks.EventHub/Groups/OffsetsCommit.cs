using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The log entry of a group's commit.</summary>
internal sealed class OffsetsCommit(
    CommittedOffsets offsets, string group, IReadOnlyList<(Topic Topic, int Partition, CommittedOffset Offset)> commits)
    : CompletableEntry<ErrorCode>
{
    private List<KeyValuePair<PartitionName, CommittedOffset>> _liveCommits = [];

    public override RecordKind Kind => RecordKind.OffsetsCommitted;

    public override EntryPayload Payload => MetadataPayload(writer => Write(writer, group, _liveCommits));

    public override bool Prepare()
    {
        // A commit for a topic that was just deleted must not apply to a new topic with the same name.
        _liveCommits = [.. commits.Where(c => !c.Topic.Deleted)
            .Select(c => KeyValuePair.Create(new PartitionName(c.Topic.Name, c.Partition), c.Offset))];
        return _liveCommits.Count > 0;
    }

    public override void Apply()
    {
        foreach (var (partition, offset) in _liveCommits)
        {
            offsets.Set(group, partition, offset);
        }
    }

    public static void Write(WireWriter writer, string group, IReadOnlyCollection<KeyValuePair<PartitionName, CommittedOffset>> commits)
    {
        writer.WriteString(group);
        writer.WriteArray(commits, static (w, commit) =>
        {
            w.WriteString(commit.Key.Topic);
            w.WriteInt32(commit.Key.Partition);
            w.WriteInt64(commit.Value.Offset);
            w.WriteInt32(commit.Value.LeaderEpoch);
            w.WriteString(commit.Value.Metadata);
        });
    }

    /// <summary>At startup: applies a log record or a part of a checkpoint, except for deleted topics.</summary>
    public static void Read(ref WireReader reader, CommittedOffsets offsets, TopicCatalog catalog)
    {
        var group = reader.ReadString();
        for (var count = reader.ReadArrayLength(20); count > 0; count--)
        {
            var partition = new PartitionName(reader.ReadString(), reader.ReadInt32());
            var offset = new CommittedOffset(reader.ReadInt64(), reader.ReadInt32(), reader.ReadString());
            if (catalog.FindPartition(partition.Topic, partition.Partition) is not null)
            {
                offsets.Set(group, partition, offset);
            }
        }
    }

    protected override ErrorCode Outcome => ErrorCode.None;
}
