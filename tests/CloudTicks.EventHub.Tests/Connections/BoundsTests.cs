using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Connections;

/// <summary>Size limits apply before memory is allocated, and stalled clients do not block others.</summary>
public sealed class BoundsTests
{
    private const int MetadataLength = 4000;
    private const int MaxWaitMs = 240_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = MaxWaitMs)]
    public async Task Million_elements_in_one_request_close_connection()
    {
        await using var hub = await RunningHub.StartAsync();
        var requests = new (ApiKey Key, short Version, Action<WireWriter> Body)[]
        {
            (ApiKey.Metadata, 4, static w => Repeat(w, 1_000_000, static w => w.WriteString(""))),
            (ApiKey.DescribeGroups, 0, static w => Repeat(w, 1_000_000, static w => w.WriteString(""))),
            (ApiKey.DeleteTopics, 0, static w => Repeat(w, 1_000_000, static w => w.WriteString("t"))),
            (ApiKey.CreateTopics, 0, static w => Repeat(w, 1, static w =>
            {
                w.WriteString("ticks");
                w.WriteInt32(-1);
                w.WriteInt16(-1);
                Repeat(w, 1_000_000, static w => w.WriteInt64(0));
            })),
            (ApiKey.Fetch, 4, static w =>
            {
                w.WriteBytes(new byte[13]);
                Repeat(w, 1_000_000, static w => w.WriteBytes([0, 0]));
            }),
        };
        foreach (var (key, version, body) in requests)
        {
            using var client = await WireClient.ConnectAsync(hub.Address);
            await client.SendAsync(key, version, body);
            (await client.ReceiveAsync()).ShouldBeNull($"{key}");
        }

        hub.Log.Lines.Count(line => line.Contains("a request has more than 100000 elements", StringComparison.Ordinal))
            .ShouldBeGreaterThanOrEqualTo(requests.Length - 1);
        hub.Log.Lines.ShouldNotContain(line => line.Contains("internal error", StringComparison.Ordinal));
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Repeated_topic_is_described_once()
    {
        await using var hub = await RunningHub.StartAsync();
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.CreateTopicAsync("ticks", 1000)).ShouldBe(ErrorCode.None);
        var expected = await client.CallAsync(ApiKey.Metadata, 1, static w => Repeat(w, 1, static w => w.WriteString("ticks")));
        (await client.CallAsync(ApiKey.Metadata, 1, static w => Repeat(w, 50_000, static w => w.WriteString("ticks")))).ShouldBe(expected);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Too_large_response_closes_connection()
    {
        await using var hub = await RunningHub.StartAsync();
        using var client = await WireClient.ConnectAsync(hub.Address);
        await CommitLongMetadataAsync(client);
        using var greedyClient = await WireClient.ConnectAsync(hub.Address);
        await greedyClient.SendAsync(ApiKey.OffsetFetch, 1, FetchLongMetadata(50_000));
        (await greedyClient.ReceiveAsync()).ShouldBeNull();
        hub.Log.Lines.ShouldContain(line => line.Contains("its response would have more than", StringComparison.Ordinal));
        (await client.ListOffsetAsync("ticks", 0, -1)).Error.ShouldBe(ErrorCode.None);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Unread_large_responses_are_bounded_together()
    {
        await using var hub = await RunningHub.StartAsync(
            null, null, "--EventHub:PendingAnswerBytes", "4194304", "--EventHub:StallTimeout", "01:00:00");
        using var client = await WireClient.ConnectAsync(hub.Address);
        await CommitLongMetadataAsync(client);
        var stalled = new List<Socket>();
        while (stalled.Count < 8)
        {
            stalled.Add(await StallAsync(hub.Address, ApiKey.OffsetFetch, 1, FetchLongMetadata(200)));
        }

        while (!hub.Log.Lines.Any(line => line.Contains("read no byte", StringComparison.Ordinal)))
        {
            using var other = await WireClient.ConnectAsync(hub.Address);
            await other.SendAsync(ApiKey.OffsetFetch, 1, FetchLongMetadata(200));
            await other.ReceiveAsync(); // refused while the stalled clients may still be reading
        }

        stalled.ForEach(static socket => socket.Dispose());
        (await client.ListOffsetAsync("ticks", 0, -1)).Error.ShouldBe(ErrorCode.None, "small responses need no budget");
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Stalled_reader_does_not_block_others()
    {
        await using var hub = await RunningHub.StartAsync(
            null, null, "--EventHub:PendingFetchBytes", "1048576", "--EventHub:StallTimeout", "01:00:00");
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        for (var i = 0; i < 4; i++)
        {
            (await client.ProduceAsync("ticks", 0, Batches.Of(new string('a', 500_000)))).Error.ShouldBe(ErrorCode.None);
        }

        using var stalled = await StallAsync(hub.Address, ApiKey.Fetch, 7, WireCalls.Fetch("ticks", 0, 0, maxBytes: 1 << 20));
        while (!hub.Log.Lines.Any(line => line.Contains("read no byte", StringComparison.Ordinal)))
        {
            (await client.FetchAsync("ticks", 0, 0)).Records.ShouldNotBeEmpty();
        }
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Stalled_request_does_not_block_others()
    {
        await using var hub = await RunningHub.StartAsync(
            null, null, "--EventHub:PendingRequestBytes", "1048576", "--EventHub:StallTimeout", "01:00:00");
        using var first = await WireClient.ConnectAsync(hub.Address);
        using var second = await WireClient.ConnectAsync(hub.Address);
        var lengthPrefix = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(lengthPrefix, 520_000);
        await first.SendAsync(lengthPrefix);
        await second.SendAsync(lengthPrefix);
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        (await client.ProduceAsync("ticks", 0, Batches.Of(new string('a', 100_000)))).Error.ShouldBe(ErrorCode.None);
    }

    /// <summary>Connects a client that requests more bytes than the sockets can buffer, and reads nothing.</summary>
    private static async Task<Socket> StallAsync(IPEndPoint address, ApiKey key, short version, Action<WireWriter> body)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(address, Cancellation);
        using var request = new WireWriter();
        request.WriteInt32(0);
        request.WriteInt16((short)key);
        request.WriteInt16(version);
        request.WriteInt32(1);
        request.WriteString("stalled");
        body(request);
        request.PatchInt32(0, request.Length - 4);
        try
        {
            for (var i = 0; i < 40; i++)
            {
                await socket.SendAsync(request.Written, Cancellation);
            }
        }
        catch (SocketException)
        {
            // The connection was already closed, because other clients stall too.
        }

        return socket;
    }

    private static async Task CommitLongMetadataAsync(WireClient client)
    {
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        await client.CallAsync(ApiKey.OffsetCommit, 2, static w =>
        {
            w.WriteString("group");
            w.WriteInt32(-1);
            w.WriteString("");
            w.WriteInt64(-1);
            Repeat(w, 1, static w =>
            {
                w.WriteString("ticks");
                Repeat(w, 1, static w =>
                {
                    w.WriteInt32(0);
                    w.WriteInt64(0);
                    w.WriteString(new string('n', MetadataLength));
                });
            });
        });
    }

    private static Action<WireWriter> FetchLongMetadata(int times) => w =>
    {
        w.WriteString("group");
        Repeat(w, 1, w =>
        {
            w.WriteString("ticks");
            Repeat(w, times, static w => w.WriteInt32(0));
        });
    };

    private static void Repeat(WireWriter writer, int times, Action<WireWriter> write)
    {
        writer.WriteInt32(times);
        for (var i = 0; i < times; i++)
        {
            write(writer);
        }
    }
}
