using System.Net;
using CloudTicks.EventHub.Protocol;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>Members that come, go and come back without a pause, while the hub is killed in the middle of it.</summary>
public sealed class GroupStormTests
{
    private const int Members = 12;
    private const int Partitions = 24;
    private const int RoundsBetweenKills = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Storm_of_joins_and_leaves_ends_with_each_partition_given_once(int kills)
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var address = new IPEndPoint(IPAddress.Loopback, hub.Port);
        using var storm = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var rounds = new SemaphoreSlim(0);
        var stormy = Enumerable.Range(0, Members).Select(i => new StormyMember(address, i % 3 == 0 ? $"box-{i}" : null, i, rounds)).ToList();
        var running = stormy.Select(m => Task.Run(() => m.RunAsync(storm.Token), Cancellation)).ToList();
        for (var kill = 0; kill <= kills; kill++)
        {
            for (var round = 0; round < RoundsBetweenKills; round++)
            {
                (await rounds.WaitAsync(TimeSpan.FromSeconds(60), Cancellation)).ShouldBeTrue("no generation any more");
            }

            if (kill < kills)
            {
                await hub.KillAsync();
                await hub.RestartAsync(Cancellation);
            }
        }

        await storm.CancelAsync();
        await Task.WhenAll(running).WaitAsync(TimeSpan.FromSeconds(120), Cancellation);
        stormy.Select(m => m.Generation).Distinct().Count().ShouldBe(1);
        stormy.SelectMany(m => m.Assignment).Order().ShouldBe(Enumerable.Range(0, Partitions).Select(p => (byte)p));
        using var tool = await WireClient.ConnectAsync(address);
        var group = await tool.DescribeGroupAsync("g");
        (group.State, group.Members.Count).ShouldBe(("Stable", Members));
    }

    private sealed class StormyMember(IPEndPoint hub, string? instance, int seed, SemaphoreSlim rounds)
    {
        private const int CalmBeats = 20;
        private readonly Random _dice = new(seed);

        public int Generation { get; private set; }

        public byte[] Assignment { get; private set; } = [];

        /// <summary>Takes part, and leaves now and then while the storm lasts; afterwards until the group is calm.</summary>
        public async Task RunAsync(CancellationToken storm)
        {
            // The ids that kills of the hub and of connections leave behind are given up soon.
            using var member = new WireMember(hub, "g", instance) { SessionMs = 3000 };
            for (var calm = 0; calm < CalmBeats;)
            {
                try
                {
                    calm = await StepAsync(member, storm) ? calm + 1 : 0;
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
                {
                    calm = 0;
                    await ConnectAsync(member);
                }
            }

            (Generation, Assignment) = (member.Generation, member.Assignment);
        }

        /// <summary>True when nothing happened that calls for another generation.</summary>
        private async Task<bool> StepAsync(WireMember member, CancellationToken storm)
        {
            switch (await member.HeartbeatAsync())
            {
                case ErrorCode.None when storm.IsCancellationRequested:
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
                    return true;
                case ErrorCode.None when instance is null && _dice.Next(4) == 0:
                    await member.LeaveAsync();
                    return false;
                case ErrorCode.None:
                    await Task.Yield();
                    return false;
                default:
                    if (await member.JoinAsync() == ErrorCode.None && await member.SyncAsync(Assign) == ErrorCode.None)
                    {
                        rounds.Release();
                    }

                    return false;
            }
        }

        private static async Task ConnectAsync(WireMember member)
        {
            while (true)
            {
                try
                {
                    await member.ReconnectAsync();
                    return;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
                }
            }
        }

        private static Dictionary<string, byte[]> Assign(IReadOnlyList<string> members) => members
            .Select((id, i) => (id, partitions: Enumerable.Range(0, Partitions).Where(p => p % members.Count == i).Select(p => (byte)p).ToArray()))
            .ToDictionary(m => m.id, m => m.partitions);
    }
}
