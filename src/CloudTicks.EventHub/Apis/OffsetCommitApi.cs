using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// OffsetCommit, key 8, versions 0 to 8: stores a group's offsets. A commit is acknowledged after the flush, and never expires.
/// </summary>
internal sealed class OffsetCommitApi(BrokerNode broker) : Api(ApiKey.OffsetCommit, 0, 8, firstFlexible: 8)
{
    private const int MaxMetadataLength = 4096;

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var commit = Read(request);
        var refusal = commit.Group.Length == 0 ? ErrorCode.InvalidGroupId
            : !broker.Groups.HasRoomFor(commit.Group) ? ErrorCode.GroupMaxSizeReached
            : await broker.Groups.CallAsync(
                commit.Group, (g, now) => g.CheckCommit(commit.Member, commit.Instance, commit.Generation, now),
                CheckWithoutMembers(commit), cancellationToken);
        var acceptedOffsets = new List<(Topic, int, CommittedOffset)>();
        if (refusal == ErrorCode.None)
        {
            acceptedOffsets.AddRange(commit.Partitions
                .Where(p => Check(p) == ErrorCode.None).Select(p => (Find(p.Topic)!, p.Partition, p.Offset)));
        }

        if (acceptedOffsets.Count > 0)
        {
            var entry = new OffsetsCommit(broker.Storage.Offsets, commit.Group, acceptedOffsets);
            broker.Storage.Log.Enqueue(entry);
            try
            {
                await entry.Completion;
            }
            catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
            {
                // Clients retry this error. Kafka sends error 15 instead, but then clients search for another coordinator, send no
                // heartbeats during the search, and lose their partitions. This cluster has no other broker.
                refusal = ErrorCode.CoordinatorLoadInProgress;
            }
        }

        Write(response.Body, request.Version, commit, refusal);
    }

    private static Commit Read(Request request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = reader.ReadString();
        var (generation, member) = version >= 1 ? (reader.ReadInt32(), reader.ReadString()) : (-1, "");
        var instance = version >= 7 ? reader.ReadNullableString() : null;
        if (version is >= 2 and <= 4)
        {
            reader.ReadInt64(); // retention: offsets never expire
        }

        var partitions = new List<CommitPartition>();
        var topics = new List<(string, int)>();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            var topic = reader.ReadString();
            var number = reader.ReadArrayLength(14);
            topics.Add((topic, number));
            for (; number > 0; number--)
            {
                var (partition, offset) = (reader.ReadInt32(), reader.ReadInt64());
                var epoch = version >= 6 ? reader.ReadInt32() : -1;
                if (version == 1)
                {
                    reader.ReadInt64(); // timestamp: offsets never expire
                }

                partitions.Add(new CommitPartition(
                    topic, partition, new CommittedOffset(offset, epoch, reader.ReadNullableString() ?? "")));
                reader.EndStruct();
            }

            reader.EndStruct();
        }

        return new Commit(group, generation, member, instance, topics, partitions);
    }

    private void Write(WireWriter body, short version, Commit commit, ErrorCode refusal)
    {
        if (version >= 3)
        {
            body.WriteInt32(0);
        }

        body.WriteArrayLength(commit.Topics.Count);
        var at = 0;
        foreach (var (topic, count) in commit.Topics)
        {
            body.WriteString(topic);
            body.WriteArrayLength(count);
            for (var end = at + count; at < end; at++)
            {
                body.WriteInt32(commit.Partitions[at].Partition);
                body.WriteError(refusal != ErrorCode.None ? refusal : Check(commit.Partitions[at]));
                body.EndStruct();
            }

            body.EndStruct();
        }
    }

    /// <summary>While a group has no members, only clients that do not use group membership may commit.</summary>
    private ErrorCode CheckWithoutMembers(Commit commit) =>
        commit.Generation < 0 ? ErrorCode.None
        : broker.Groups.Contains(commit.Group) ? ErrorCode.UnknownMemberId
        : ErrorCode.IllegalGeneration;

    private ErrorCode Check(CommitPartition partition) =>
        Find(partition.Topic)?.Partition(partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition
        : partition.Offset.Metadata.Length > MaxMetadataLength ? ErrorCode.OffsetMetadataTooLarge
        : ErrorCode.None;

    private Topic? Find(string name) => broker.Storage.Topics.Find(name, out var topic) ? topic : null;

    private sealed record Commit(
        string Group, int Generation, string Member, string? Instance,
        List<(string Topic, int Partitions)> Topics, List<CommitPartition> Partitions);

    private sealed record CommitPartition(string Topic, int Partition, CommittedOffset Offset);
}
