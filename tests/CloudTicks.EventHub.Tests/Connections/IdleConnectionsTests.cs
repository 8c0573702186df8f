using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Connections;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Connections;

/// <summary>Idle connections, up to the limit and above it.</summary>
public sealed class IdleConnectionsTests
{
    private const int IdleConnections = 10_000;
    private const int MaxMegabytes = 500;
    private const int MaxWaitMs = 240_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = MaxWaitMs)]
    public async Task Ten_thousand_idle_connections_do_not_block_others()
    {
        Assert.SkipWhen(OpenFiles.Limit() is null or < IdleConnections * 3 / 2,
            "The limit of open files on this machine is too low (ulimit -n).");
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var address = IPEndPoint.Parse(hub.BootstrapServers);
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < IdleConnections; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(address, Cancellation);
            }

            using var client = await WireClient.ConnectAsync(address);
            (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
            (await client.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
            HubMemory.PeakMegabytes(hub).ShouldBeLessThan(MaxMegabytes);
            idle.ShouldAllBe(socket => !socket.Poll(0, SelectMode.SelectRead), "none was closed");
            (await hub.StopAsync()).ShouldBe(0);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files", 1024, 760)]
    [InlineData("Max open files            1048576              1048576              files", 1048576, 12_000)]
    [InlineData("Max open files            unlimited            unlimited            files", null, 12_000)]
    [InlineData("Max processes             100                  100                  processes", null, 12_000)]
    public void Connection_limit_reserves_files_for_log(string line, int? limit, int connections)
    {
        OpenFiles.Read(["Limit                     Soft Limit           Hard Limit           Units", line]).ShouldBe(limit);
        OpenFiles.MaxConnections(12_000, limit, others: 200).ShouldBe(connections);
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Idle_connections_above_file_limit_are_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit of open files is set by a shell.");
        await using var hub = await EventHubProcess.StartAsync(openFiles: 260, cancellationToken: Cancellation);
        var address = IPEndPoint.Parse(hub.BootstrapServers);
        using var activeClient = await WireClient.ConnectAsync(address);
        (await activeClient.CreateTopicAsync("ticks", 4)).ShouldBe(ErrorCode.None);
        var idle = new List<Socket>();
        try
        {
            while (idle.Count < 260)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(address, Cancellation);
            }

            await hub.UntilLinesAsync("refused: ", 1, Cancellation);
            for (var i = 0; i < 20; i++)
            {
                (await activeClient.ProduceAsync("ticks", i % 4, Batches.Of($"{i}"))).Error.ShouldBe(ErrorCode.None);
            }

            await UntilAsync(() => Task.FromResult(idle.Count(IsClosed) >= 200));
            hub.Log.Count(line => line.Contains("refused", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(3);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }

        await UntilAsync(async () =>
        {
            try
            {
                using var next = await WireClient.ConnectAsync(address);
                return (await next.ProduceAsync("ticks", 0, Batches.Of("next"))).Error == ErrorCode.None;
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException or NullReferenceException)
            {
                return false;
            }
        });
        (await hub.StopAsync()).ShouldBe(0);
    }

    private static bool IsClosed(Socket socket) => socket.Poll(0, SelectMode.SelectRead);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }
    }
}
