using System.Buffers.Binary;
using CloudTicks.Benchmarks.Hub;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>The requests of honest clients.</summary>
internal static class HonestCalls
{
    public const int LargeBatchBytes = 100_000;

    private const int FetchBytes = 256 * 1024;
    private const int TimeoutMs = 60_000;
    private const short Produce = 0;
    private const short Fetch = 1;
    private const short OffsetCommit = 8;
    private const short JoinGroup = 11;
    private const short Heartbeat = 12;
    private const short SyncGroup = 14;
    private const short CreateTopics = 19;

    public static void CreateTopic(HubClient client, string topic, int partitions) => HubClient.Check(
        client.Call(
            new WireRequest(CreateTopics, 1).Int32(1).Text(topic).Int32(partitions).Int16(1).Int32(0).Int32(0).Int32(TimeoutMs).Int8(0),
            []),
        4 + 2 + topic.Length, $"creating {topic}");

    public static byte[] BatchOf(int bytes) => PackedBatches.BatchOf([new byte[bytes]]);

    public static void ProduceBatch(HubClient client, string topic, int partition, byte[] batch) => HubClient.Check(
        client.Call(ProduceRequest(topic, partition, batch.Length), batch), 4 + 2 + topic.Length + 4 + 4, $"producing to {topic}");

    public static WireRequest ProduceRequest(string topic, int partition, int batchBytes) =>
        new WireRequest(Produce, 7).Int16(-1).Int16(-1).Int32(TimeoutMs).Int32(1).Text(topic).Int32(1).Int32(partition).Int32(batchBytes);

    /// <summary>Fetches the records at an offset.</summary>
    public static void FetchFilled(HubClient client, long offset)
    {
        var response = client.Call(FetchRequest(AbuseTarget.FilledTopic, offset, FetchBytes), []);
        HubClient.Check(response, 4 + 2 + 4 + 4 + 2 + AbuseTarget.FilledTopic.Length + 4 + 4, "fetching");
        if (response.Length < LargeBatchBytes)
        {
            throw new Comparing.Rounds.BenchmarkException($"A fetch returned {response.Length} B, less than a batch.");
        }
    }

    public static WireRequest FetchRequest(string topic, long offset, int maxBytes) =>
        new WireRequest(Fetch, 7).Int32(-1).Int32(0).Int32(1).Int32(maxBytes).Int8(0).Int32(0).Int32(-1)
            .Int32(1).Text(topic).Int32(1).Int32(0).Int64(offset).Int64(-1).Int32(maxBytes).Int32(0);

    public static GroupMember Join(HubClient client)
    {
        var group = $"honest-{Guid.NewGuid():N}"; // a new group, because the hub would wait for the old members of an existing one
        var joined = client.Call(
            new WireRequest(JoinGroup, 2).Text(group).Int32(60_000).Int32(60_000).Text("").Text("consumer")
                .Int32(1).Text("range").Int32(0),
            []);
        HubClient.Check(joined, 4, "joining a group");
        var generation = BinaryPrimitives.ReadInt32BigEndian(joined.AsSpan(6));
        var at = 10;
        ReadText(joined, ref at); // skips the protocol
        var member = ReadText(joined, ref at); // the leader, which is the only member
        HubClient.Check(
            client.Call(
                new WireRequest(SyncGroup, 1).Text(group).Int32(generation).Text(member).Int32(1).Text(member).Int32(0), []),
            4, "synchronizing a group");
        return new GroupMember(group, member, generation);
    }

    public static void SendHeartbeat(HubClient client, GroupMember member) => HubClient.Check(
        client.Call(new WireRequest(Heartbeat, 1).Text(member.Group).Int32(member.Generation).Text(member.Id), []),
        4, "sending a heartbeat");

    public static void Commit(HubClient client, GroupMember member, long offset)
    {
        const string topic = AbuseTarget.LiveTopic;
        HubClient.Check(
            client.Call(
                new WireRequest(OffsetCommit, 2).Text(member.Group).Int32(member.Generation).Text(member.Id).Int64(-1)
                    .Int32(1).Text(topic).Int32(1).Int32(0).Int64(offset).Text(""),
                []),
            4 + 2 + topic.Length + 4 + 4, "committing an offset");
    }

    private static string ReadText(byte[] bytes, ref int at)
    {
        var length = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at));
        at += 2 + length;
        return System.Text.Encoding.UTF8.GetString(bytes, at - length, length);
    }
}

/// <summary>A membership in the honest clients' group.</summary>
internal sealed record GroupMember(string Group, string Id, int Generation);
