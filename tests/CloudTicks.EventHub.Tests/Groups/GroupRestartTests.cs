using System.Net;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>Groups across kills and stops of the event hub.</summary>
public sealed class GroupRestartTests : IAsyncLifetime
{
    private EventHubProcess _hub = null!;
    private WireMember _leader = null!;
    private WireMember _follower = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPEndPoint Address => new(IPAddress.Loopback, _hub.Port);

    public async ValueTask InitializeAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        _leader = new WireMember(Address, "g");
        _follower = new WireMember(Address, "g", "box-2");
        using var client = await WireClient.ConnectAsync(Address);
        (await client.CreateTopicAsync("ticks", 2)).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _leader.Dispose();
        _follower.Dispose();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Members_continue_after_restart(bool killed)
    {
        await GatherAsync();
        await RestartAsync(killed);

        (await _leader.HeartbeatAsync()).ShouldBe(ErrorCode.None);
        (await _follower.CommitAsync("ticks", 1, 7)).ShouldBe(ErrorCode.None);
        (await _leader.CommitAsync("ticks", 0, 8)).ShouldBe(ErrorCode.None);
        (await _follower.HeartbeatAsync()).ShouldBe(ErrorCode.None);
        (await _follower.SyncAsync()).ShouldBe(ErrorCode.None);
        _follower.Assignment.ShouldBe([2]);
        using var client = await WireClient.ConnectAsync(Address);
        var group = await client.DescribeGroupAsync("g");
        (group.State, group.ProtocolType, group.Protocol).ShouldBe(("Stable", "consumer", "range"));
        group.Members.Select(m => (m.Id, m.Instance, m.ClientId, m.Assignment[0])).ShouldBe(
            [(_leader.Id, null, "wire-client", (byte)1), (_follower.Id, "box-2", "wire-client", (byte)2)]);
        (await client.FetchOffsetAsync("g", "ticks", 1)).ShouldBe(7);
    }

    [Fact]
    public async Task Fencing_survives_kill()
    {
        await GatherAsync();
        using var stranger = new WireMember(Address, "g", "box-2");
        await RestartAsync(killed: true);
        (await stranger.JoinOnceAsync()).ShouldBe(ErrorCode.None, "a new process of the static member needs no rebalance");
        stranger.Generation.ShouldBe(_leader.Generation);
        await RestartAsync(killed: true, stranger);
        (await _follower.HeartbeatAsync()).ShouldBe(ErrorCode.FencedInstanceId);
        (await _follower.CommitAsync("ticks", 1, 1)).ShouldBe(ErrorCode.FencedInstanceId);
        (await stranger.HeartbeatAsync()).ShouldBe(ErrorCode.None);
        (await _leader.HeartbeatAsync()).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Kill_during_rebalance_keeps_previous_generation()
    {
        await GatherAsync();
        using var newcomer = new WireMember(Address, "g");
        (await newcomer.JoinOnceAsync()).ShouldBe(ErrorCode.MemberIdRequired);
        var parked = newcomer.JoinOnceAsync();
        await UntilAsync(async () => await _leader.HeartbeatAsync() == ErrorCode.RebalanceInProgress);

        await RestartAsync(killed: true);

        await Should.ThrowAsync<IOException>(() => parked);
        (await _leader.HeartbeatAsync()).ShouldBe(ErrorCode.None);
        (await _follower.CommitAsync("ticks", 1, 3)).ShouldBe(ErrorCode.None);
        await newcomer.ReconnectAsync();
        (await newcomer.JoinOnceAsync()).ShouldBe(ErrorCode.UnknownMemberId, "it was not a member yet and must start again");
    }

    [Fact]
    public async Task Member_that_left_is_absent_after_kill()
    {
        using var third = new WireMember(Address, "g");
        await GatherAsync(third);
        (await third.LeaveAsync()).ShouldBe(ErrorCode.None);
        using (var client = await WireClient.ConnectAsync(Address))
        {
            (await third.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.UnknownMemberId);
            (await client.CreateTopicAsync("later")).ShouldBe(ErrorCode.None, "flushed after the leave");
        }

        await RestartAsync(killed: true, third);
        (await third.HeartbeatAsync()).ShouldBe(ErrorCode.UnknownMemberId);
        (await _leader.HeartbeatAsync()).ShouldBe(ErrorCode.RebalanceInProgress);
        await AllJoinAsync(_leader, _follower);
        _leader.Members.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Empty_group_with_commits_keeps_its_generation()
    {
        await GatherAsync();
        (await _leader.CommitAsync("ticks", 0, 8)).ShouldBe(ErrorCode.None);
        var generation = _leader.Generation;
        (await _follower.LeaveAsync()).ShouldBe(ErrorCode.None);
        (await _leader.LeaveAsync()).ShouldBe(ErrorCode.None);
        using (var client = await WireClient.ConnectAsync(Address))
        {
            var group = await client.DescribeGroupAsync("g");
            (group.State, group.ProtocolType, group.Members.Count).ShouldBe(("Empty", "consumer", 0));
        }

        (await _hub.StopAsync()).ShouldBe(0);
        await _hub.RestartAsync(Cancellation);
        using var later = new WireMember(Address, "g");
        (await later.JoinAsync()).ShouldBe(ErrorCode.None);
        later.Generation.ShouldBeGreaterThan(generation);
    }

    [Fact]
    public async Task Heartbeats_write_nothing()
    {
        await GatherAsync();
        var before = LogBytes();
        for (var i = 0; i < 100; i++)
        {
            (await _leader.HeartbeatAsync()).ShouldBe(ErrorCode.None);
            (await _follower.HeartbeatAsync()).ShouldBe(ErrorCode.None);
        }

        LogBytes().ShouldBe(before);
        (await _leader.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
        LogBytes().ShouldBeGreaterThan(before);
    }

    private long LogBytes() => Directory.EnumerateFiles(Path.Combine(_hub.DataFolder, "log")).Sum(f => new FileInfo(f).Length);

    private async Task RestartAsync(bool killed, params WireMember[] others)
    {
        if (killed)
        {
            await _hub.KillAsync();
        }
        else
        {
            (await _hub.StopAsync()).ShouldBe(0);
        }

        await _hub.RestartAsync(Cancellation);
        foreach (var member in others.Prepend(_follower).Prepend(_leader))
        {
            await member.ReconnectAsync();
        }
    }

    /// <summary>
    /// Brings leader, follower and others into one stable generation; the assignment of member i is the byte i, starting at 1.
    /// </summary>
    private async Task GatherAsync(params WireMember[] others)
    {
        (await _leader.JoinAsync()).ShouldBe(ErrorCode.None);
        await SyncAllAsync(_leader);
        var joined = new List<WireMember> { _leader };
        foreach (var other in others.Prepend(_follower))
        {
            joined.Add(other);
            var joining = other.JoinAsync();
            await UntilAsync(async () => await _leader.HeartbeatAsync() == ErrorCode.RebalanceInProgress);
            var rejoining = joined.SkipLast(1).Select(m => m.JoinAsync()).ToList();
            (await joining).ShouldBe(ErrorCode.None);
            await Task.WhenAll(rejoining);
            await SyncAllAsync([.. joined]);
        }
    }

    private static async Task AllJoinAsync(params WireMember[] members)
    {
        (await Task.WhenAll(members.Select(m => m.JoinAsync()))).ShouldAllBe(e => e == ErrorCode.None);
        await SyncAllAsync(members);
    }

    private static async Task SyncAllAsync(params WireMember[] members)
    {
        var memberIds = members.Select(m => m.Id).ToList();
        var syncErrors = await Task.WhenAll(
            members.Select(m => m.SyncAsync(all => all.ToDictionary(id => id, id => new[] { (byte)(memberIds.IndexOf(id) + 1) }))));
        syncErrors.ShouldAllBe(e => e == ErrorCode.None);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(startedAt).ShouldBeLessThan(TimeSpan.FromSeconds(90));
        }
    }
}
