using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Connections;

/// <summary>Misbehaving clients do not block other clients of the same address.</summary>
public sealed class FairnessTests
{
    private const int ClaimedBytes = 31 << 20;
    private const int MaxWaitMs = 240_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = MaxWaitMs)]
    public async Task Large_claimed_lengths_do_not_affect_others()
    {
        await using var hub = await RunningHub.StartAsync();
        var abusers = await OpenManyAsync(12, () => ClaimAsync(hub.Address, ClaimedBytes, new byte[1]));
        await OtherClientsAreServedAsync(hub);
        HeldBytes(hub, "requests").ShouldBe(0, "claimed bytes use no memory");
        abusers.ForEach(static socket => socket.Dispose());
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Claimed_lengths_without_bytes_do_not_affect_others()
    {
        await using var hub = await RunningHub.StartAsync();
        var abusers = await OpenManyAsync(500, () => ClaimAsync(hub.Address, ClaimedBytes, []));
        await OtherClientsAreServedAsync(hub);
        HeldBytes(hub, "requests").ShouldBe(0);
        abusers.ForEach(static socket => socket.Dispose());
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Incomplete_frames_are_bounded()
    {
        const int maxHeldBytes = 16 << 20;
        await using var hub = await RunningHub.StartAsync(
            null, null, "--EventHub:PendingRequestBytes", $"{maxHeldBytes}", "--EventHub:MinRequestBytesPerSecond", "0");
        var abusers = await OpenManyAsync(12, async () =>
        {
            var socket = await ConnectAsync(hub.Address);
            _ = SendUntilBlockedAsync(socket, ClaimedBytes, ClaimedBytes / 2);
            return socket;
        });
        await OtherClientsAreServedAsync(hub);
        HeldBytes(hub, "requests").ShouldBeLessThanOrEqualTo(maxHeldBytes + (ClaimedBytes * 2), "one frame may exceed the limit");
        abusers.ForEach(static socket => socket.Dispose());
        await OtherClientsAreServedAsync(hub);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Slow_request_is_closed_and_logged_with_rate()
    {
        await using var hub = await RunningHub.StartAsync(null, null, "--EventHub:StallTimeout", "00:00:05");
        using var abuser = await ClaimAsync(hub.Address, ClaimedBytes, new byte[3]);
        await hub.Log.UntilLineAsync("1 connections of 127.0.0.1 were closed because they were too slow");
        hub.Log.Lines.ShouldContain(line => line.Contains(
            $"127.0.0.1:{((IPEndPoint)abuser.LocalEndPoint!).Port}: it sent 3 of the {ClaimedBytes} bytes of a request at ",
            StringComparison.Ordinal));
        await IsClosedAsync(abuser);
        await OtherClientsAreServedAsync(hub);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Large_request_succeeds_despite_claimed_lengths()
    {
        await using var hub = await RunningHub.StartAsync();
        var abusers = await OpenManyAsync(12, () => ClaimAsync(hub.Address, ClaimedBytes, new byte[1]));
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        (await client.ProduceAsync("ticks", 0, Batches.Of(new string('a', 7_000_000)))).Error.ShouldBe(ErrorCode.None);
        Batches.Read((await client.FetchAsync("ticks", 0, 0, maxBytes: 16 << 20, partitionBytes: 16 << 20)).Records).ShouldHaveSingleItem();
        abusers.ForEach(static socket => socket.Dispose());
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Stalled_readers_do_not_affect_others()
    {
        const int maxHeldBytes = 64 << 20;
        await using var hub = await RunningHub.StartAsync(
            null, null, "--EventHub:PendingFetchBytes", $"{maxHeldBytes}", "--EventHub:StallTimeout", "01:00:00");
        await OtherClientsAreServedAsync(hub);
        using (var client = await WireClient.ConnectAsync(hub.Address))
        {
            (await client.CreateTopicAsync("filled")).ShouldBe(ErrorCode.None);
            for (var i = 0; i < 20; i++)
            {
                (await client.ProduceAsync("filled", 0, Batches.Of(new string('a', 400_000)))).Error.ShouldBe(ErrorCode.None);
            }
        }

        var abusers = await OpenManyAsync(100, () => StallAsync(hub.Address));
        for (var i = 0; i < 20; i++)
        {
            await OtherClientsAreServedAsync(hub);
            using var reader = await WireClient.ConnectAsync(hub.Address);
            (await reader.FetchAsync("filled", 0, i)).Records.ShouldNotBeEmpty();
        }

        abusers.ForEach(static socket => socket.Dispose());
        await UntilAsync(() => HeldBytes(hub, "fetches") == 0);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Memory_of_closed_readers_is_returned_to_system()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var address = IPEndPoint.Parse(hub.BootstrapServers);
        using var client = await WireClient.ConnectAsync(address);
        (await client.CreateTopicAsync("filled")).ShouldBe(ErrorCode.None);
        for (var i = 0; i < 60; i++)
        {
            (await client.ProduceAsync("filled", 0, Batches.Of(new string('a', 400_000)))).Error.ShouldBe(ErrorCode.None);
        }

        var before = HubMemory.Megabytes(hub);
        Assert.SkipWhen(before == 0, "This system does not report the memory of a process.");
        var readers = await OpenManyAsync(100, () => StallAsync(address));
        await UntilAsync(() => HubMemory.Megabytes(hub) > before + 40);
        var peak = HubMemory.Megabytes(hub);
        readers.ForEach(static socket => socket.Dispose());
        await UntilAsync(() => HubMemory.Megabytes(hub) < (before + peak) / 2);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Pipelining_client_is_paused()
    {
        const int requests = 100;
        var (time, pause) = (new TestTime(), TimeSpan.FromMilliseconds(4));
        await using var hub = await RunningHub.StartAsync(time);
        using var client = await WireClient.ConnectAsync(hub.Address);
        using var packet = new WireWriter();
        for (var i = 0; i < requests; i++)
        {
            packet.WriteInt32(2 + 2 + 4 + 2);
            packet.WriteInt16((short)ApiKey.ApiVersions);
            packet.WriteInt16(0);
            packet.WriteInt32(i);
            packet.WriteString("");
        }

        await client.SendAsync(packet.Written);
        var received = ReceiveAsync(client, requests);
        var pauseCount = 0;
        while (await Task.WhenAny(received, time.UntilTimerAsync(pause, Cancellation)) != received)
        {
            pauseCount++;
            time.Advance(pause);
        }

        await received;
        pauseCount.ShouldBeGreaterThan(0);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Refused_large_requests_are_rate_limited()
    {
        var (time, pause) = (new TestTime(), TimeSpan.FromMilliseconds(500));
        await using var hub = await RunningHub.StartAsync(time);
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.ProduceAsync("missing", 0, Batches.Of(new string('a', 3 << 20)))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        await client.SendAsync(ApiKey.ApiVersions, 0, static _ => { });
        var response = ReceiveAsync(client, 1);
        await time.UntilTimerAsync(pause, Cancellation);
        response.IsCompleted.ShouldBeFalse();
        time.Advance(pause);
        await response;
    }

    private static async Task ReceiveAsync(WireClient client, int responses)
    {
        for (var i = 0; i < responses; i++)
        {
            (await client.ReceiveAsync()).ShouldNotBeNull();
        }
    }

    /// <summary>Performs the operations of normal clients on new connections: produces, fetches, joins a group and commits.</summary>
    private static async Task OtherClientsAreServedAsync(RunningHub hub)
    {
        using var producer = await WireClient.ConnectAsync(hub.Address);
        await producer.CreateTopicAsync("honest"); // may already exist
        var (error, offset) = await producer.ProduceAsync("honest", 0, Batches.Of("a"));
        error.ShouldBe(ErrorCode.None);
        (await producer.ProduceAsync("honest", 0, Batches.Of(new string('b', 100_000)))).Error.ShouldBe(ErrorCode.None);
        using var consumer = await WireClient.ConnectAsync(hub.Address);
        (await consumer.FetchAsync("honest", 0, offset)).Records.ShouldNotBeEmpty();
        (await consumer.FetchAsync("honest", 0, offset + 1)).Records.Length.ShouldBeGreaterThan(100_000);
        using var member = new WireMember(hub.Address, $"group-{offset}");
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await member.SyncAsync(static all => all.ToDictionary(static id => id, static _ => Array.Empty<byte>()))).ShouldBe(ErrorCode.None);
        (await member.HeartbeatAsync()).ShouldBe(ErrorCode.None);
        (await member.CommitAsync("honest", 0, offset)).ShouldBe(ErrorCode.None);
    }

    private static async Task<List<Socket>> OpenManyAsync(int count, Func<Task<Socket>> open)
    {
        var all = new List<Socket>();
        while (all.Count < count)
        {
            all.Add(await open());
        }

        return all;
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(address, Cancellation);
        return socket;
    }

    private static async Task<Socket> ClaimAsync(IPEndPoint address, int claimedBytes, byte[] first)
    {
        var socket = await ConnectAsync(address);
        var bytes = new byte[4 + first.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, claimedBytes);
        await socket.SendAsync(bytes, Cancellation);
        return socket;
    }

    /// <summary>Sends the first bytes of a request; waits while the event hub does not read them.</summary>
    private static async Task SendUntilBlockedAsync(Socket socket, int claimedBytes, int sent)
    {
        var bytes = new byte[sent];
        BinaryPrimitives.WriteInt32BigEndian(bytes, claimedBytes);
        try
        {
            for (var rest = bytes.AsMemory(); rest.Length > 0;)
            {
                rest = rest[await socket.SendAsync(rest, Cancellation)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The event hub closed the connection, or the test has ended.
        }
    }

    /// <summary>Requests large responses twenty times and reads none of them.</summary>
    private static async Task<Socket> StallAsync(IPEndPoint address)
    {
        var socket = await ConnectAsync(address);
        using var request = new WireWriter();
        request.WriteInt32(0);
        request.WriteInt16((short)ApiKey.Fetch);
        request.WriteInt16(7);
        request.WriteInt32(1);
        request.WriteString("stalled");
        WireCalls.Fetch("filled", 0, 0, maxBytes: 50 << 20, partitionBytes: 50 << 20)(request);
        request.PatchInt32(0, request.Length - 4);
        try
        {
            for (var i = 0; i < 20; i++)
            {
                await socket.SendAsync(request.Written, Cancellation);
            }
        }
        catch (SocketException)
        {
            // The event hub has already closed the connection: the client read nothing for a second, and other clients needed the memory.
        }

        return socket;
    }

    private static async Task IsClosedAsync(Socket socket)
    {
        try
        {
            (await socket.ReceiveAsync(new byte[1], Cancellation)).ShouldBe(0);
        }
        catch (SocketException)
        {
            // Also closed.
        }
    }

    private static long HeldBytes(RunningHub hub, string category)
    {
        var heldBytes = -1L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Scope == hub.Meters && instrument.Name == "eventhub.memory.held")
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => heldBytes = Equals(tags[0].Value, category) ? value : heldBytes);
        listener.Start();
        listener.RecordObservableInstruments();
        return heldBytes;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }
    }
}
