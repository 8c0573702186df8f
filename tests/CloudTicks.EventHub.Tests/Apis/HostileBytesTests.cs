using System.Buffers.Binary;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

public sealed class HostileBytesTests : IAsyncLifetime
{
    private RunningHub _hub = null!;
    private WireClient _bystander = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _bystander = await WireClient.ConnectAsync(_hub.Address);
        (await _bystander.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _bystander.Dispose();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    [InlineData(0x16030100)] // the start of a TLS handshake
    public async Task Invalid_frame_length_closes_only_its_connection(int length)
    {
        using var hostile = await WireClient.ConnectAsync(_hub.Address);
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        await hostile.SendAsync(bytes);
        (await hostile.ReceiveAsync()).ShouldBeNull();
        await BystanderIsServedAsync();
    }

    [Theory]
    [InlineData((short)999, (short)0)]
    [InlineData((short)ApiKey.Fetch, (short)13)]
    [InlineData((short)ApiKey.Fetch, (short)-1)]
    public async Task Unknown_key_or_version_closes_only_its_connection(short key, short version)
    {
        using var hostile = await WireClient.ConnectAsync(_hub.Address);
        await hostile.SendAsync((ApiKey)key, version, static _ => { });
        (await hostile.ReceiveAsync()).ShouldBeNull();
        await BystanderIsServedAsync();
    }

    [Fact]
    public async Task Invalid_inner_lengths_close_only_their_connection()
    {
        foreach (var key in Enum.GetValues<ApiKey>().Where(k => k is not (ApiKey.ApiVersions or ApiKey.ListGroups)))
        {
            for (var version = 0; version <= 11; version++)
            {
                foreach (var filler in new byte[] { 0x7F, 0xFE })
                {
                    using var hostile = await WireClient.ConnectAsync(_hub.Address);
                    await hostile.SendAsync(key, (short)version, w =>
                    {
                        for (var i = 0; i < 64; i++)
                        {
                            w.WriteInt8((sbyte)filler);
                        }
                    });
                    (await hostile.ReceiveAsync()).ShouldBeNull($"{key} version {version} filled with {filler}");
                }
            }
        }

        await BystanderIsServedAsync();
    }

    [Fact]
    public async Task Truncated_request_has_no_effect()
    {
        using var whole = new WireWriter();
        whole.WriteInt32(0);
        whole.WriteInt16((short)ApiKey.Produce);
        whole.WriteInt16(7);
        whole.WriteInt32(1);
        whole.WriteString("hostile");
        WireCalls.Produce("ticks", 0, Batches.Of("a"))(whole);
        whole.PatchInt32(0, whole.Length - 4);
        for (var length = 1; length < whole.Length; length++)
        {
            using var hostile = await WireClient.ConnectAsync(_hub.Address);
            await hostile.SendAsync(whole.Written[..length]);
        }

        await BystanderIsServedAsync();
        (await _bystander.ListOffsetAsync("ticks", 0, -1)).Offset.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_and_mutated_requests_are_harmless(int seed)
    {
        var random = new Random(seed);
        var keys = Enum.GetValues<ApiKey>();
        Action<WireWriter>[] whole =
        [
            WireCalls.Produce("ticks", 0, Batches.Of("a")),
            WireCalls.Fetch("ticks", 0, 0),
            static w =>
            {
                w.WriteString("group");
                w.WriteInt32(6000);
                w.WriteInt32(100);
                w.WriteString("");
                w.WriteString("consumer");
                w.WriteInt32(1);
                w.WriteString("range");
                w.WriteBytes([1, 2, 3]);
            },
        ];
        for (var i = 0; i < 1500; i++)
        {
            using var body = new WireWriter();
            if (i % 2 == 0)
            {
                for (var bytes = random.Next(120); bytes > 0; bytes--)
                {
                    body.WriteInt8((sbyte)(random.Next(3) == 0 ? random.Next(-128, 128) : random.Next(3)));
                }
            }
            else
            {
                whole[random.Next(whole.Length)](body);
            }

            var sent = body.Written.ToArray();
            for (var mutations = random.Next(4); mutations > 0 && sent.Length > 0; mutations--)
            {
                sent[random.Next(sent.Length)] = (byte)random.Next(256);
            }

            using var hostile = await WireClient.ConnectAsync(_hub.Address);
            await hostile.SendAsync(
                keys[random.Next(keys.Length)], (short)random.Next(12), w => Array.ForEach(sent, b => w.WriteInt8((sbyte)b)));
            try
            {
                await hostile.SendAsync(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }); // an invalid length, which ends the connection
            }
            catch (IOException)
            {
                continue; // the event hub closed the connection first
            }

            while (await hostile.ReceiveAsync() is not null)
            {
                // Any response is allowed.
            }
        }

        await BystanderIsServedAsync();
    }

    [Fact]
    public async Task Refused_requests_release_memory()
    {
        await using var small = await RunningHub.StartAsync(
            null, null, "--EventHub:PendingRequestBytes", "1048576", "--EventHub:MaxRequestBytes", "600000");
        for (var i = 0; i < 4; i++)
        {
            using var hostile = await WireClient.ConnectAsync(small.Address);
            await hostile.SendAsync((ApiKey)999, 0, static w => w.WriteBytes(new byte[500_000]));
            (await hostile.ReceiveAsync()).ShouldBeNull();
        }

        using var client = await WireClient.ConnectAsync(small.Address);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        (await client.ProduceAsync("ticks", 0, Batches.Of(new string('a', 500_000)))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Connection_above_limit_is_closed()
    {
        await using var small = await RunningHub.StartAsync(null, null, "--EventHub:MaxConnections", "2");
        using var first = await WireClient.ConnectAsync(small.Address);
        using var second = await WireClient.ConnectAsync(small.Address);
        (await first.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        (await second.ListOffsetAsync("ticks", 0, -1)).Error.ShouldBe(ErrorCode.None);
        using var third = await WireClient.ConnectAsync(small.Address);
        (await third.ReceiveAsync()).ShouldBeNull();
        (await first.ListOffsetAsync("ticks", 0, -1)).Error.ShouldBe(ErrorCode.None);
    }

    private async Task BystanderIsServedAsync()
    {
        (await _bystander.ListOffsetAsync("ticks", 0, -1)).Error.ShouldBe(ErrorCode.None);
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("internal error", StringComparison.Ordinal));
    }
}
