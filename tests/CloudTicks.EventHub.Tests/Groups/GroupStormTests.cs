using System.Net;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>Members that join, leave and rejoin continuously, while the event hub is killed.</summary>
public sealed class GroupStormTests
{
    private const int Members = 12;
    private const int Partitions = 24;
    private const int RoundsBetweenKills = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Storm_of_joins_ends_with_each_partition_assigned_once(int kills)
    {
        await using var hub = await EventHubProcess.StartAsync(
            arguments: ["--EventHub:GroupMinSessionTimeout", "00:00:01"], cancellationToken: Cancellation);
        var address = new IPEndPoint(IPAddress.Loopback, hub.Port);
        using var stormEnd = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var testEnd = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var rounds = new SemaphoreSlim(0);
        var stormyMembers = Enumerable.Range(0, Members).Select(i => new StormyMember(address, i % 3 == 0 ? $"box-{i}" : null, i, rounds))
            .ToList();
        var running = stormyMembers.Select(m => Task.Run(() => m.RunAsync(stormEnd.Token, testEnd.Token), Cancellation)).ToList();
        for (var kill = 0; kill <= kills; kill++)
        {
            for (var round = 0; round < RoundsBetweenKills; round++)
            {
                (await rounds.WaitAsync(TimeSpan.FromSeconds(60), Cancellation)).ShouldBeTrue("no further generation");
            }

            if (kill < kills)
            {
                await hub.KillAsync();
                await hub.RestartAsync(Cancellation);
            }
        }

        await stormEnd.CancelAsync();
        using var tool = await WireClient.ConnectAsync(address);
        var settled = await UntilSettledAsync(stormyMembers, running, tool).WaitAsync(TimeSpan.FromSeconds(120), Cancellation);
        await testEnd.CancelAsync();
        await Task.WhenAll(running);
        settled.SelectMany(m => m.Assignment).Order().ShouldBe(Enumerable.Range(0, Partitions).Select(p => (byte)p));
    }

    /// <summary>
    /// Waits until all members are settled in one generation that the event hub confirms. They send heartbeats until then, so that no
    /// session expires.
    /// </summary>
    private static async Task<List<Settlement>> UntilSettledAsync(List<StormyMember> stormyMembers, List<Task> running, WireClient tool)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await poll.WaitForNextTickAsync(Cancellation))
        {
            running.Find(one => one.IsFaulted)?.GetAwaiter().GetResult();
            var settled = stormyMembers.Select(m => m.Settled).OfType<Settlement>().ToList();
            if (settled.Count == Members && settled.DistinctBy(m => m.Generation).Count() == 1
                && await tool.DescribeGroupAsync("g") is { State: "Stable", Members.Count: Members })
            {
                return settled;
            }
        }

        return [];
    }

    private sealed record Settlement(int Generation, byte[] Assignment);

    private sealed class StormyMember(IPEndPoint hub, string? instance, int seed, SemaphoreSlim rounds)
    {
        private const int MinSettledHeartbeats = 20;
        private readonly Random _random = new(seed);
        private volatile Settlement? _settled;

        /// <summary>The generation and assignment after enough heartbeats without a rebalance; null before.</summary>
        public Settlement? Settled => _settled;

        /// <summary>Joins, leaves at random during the storm unless the member is static, and then stays until the test is over.</summary>
        public async Task RunAsync(CancellationToken storm, CancellationToken testEnd)
        {
            // A short session timeout removes the members that kills leave behind.
            using var member = new WireMember(hub, "g", instance) { SessionMs = 3000 };
            for (var settledHeartbeats = 0; !testEnd.IsCancellationRequested;)
            {
                try
                {
                    settledHeartbeats = await StepAsync(member, storm) ? settledHeartbeats + 1 : 0;
                    _settled = settledHeartbeats < MinSettledHeartbeats ? null : new Settlement(member.Generation, member.Assignment);
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
                {
                    (settledHeartbeats, _settled) = (0, null);
                    await ConnectAsync(member);
                }
            }
        }

        /// <summary>Sends a heartbeat, and may then join or leave. True if the storm is over and no rebalance is needed.</summary>
        private async Task<bool> StepAsync(WireMember member, CancellationToken storm)
        {
            switch (await member.HeartbeatAsync())
            {
                case ErrorCode.None when storm.IsCancellationRequested:
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
                    return true;
                case ErrorCode.None when instance is null && _random.Next(4) == 0:
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
            .Select((id, i) => (id,
                partitions: Enumerable.Range(0, Partitions).Where(p => p % members.Count == i).Select(p => (byte)p).ToArray()))
            .ToDictionary(m => m.id, m => m.partitions);
    }
}
