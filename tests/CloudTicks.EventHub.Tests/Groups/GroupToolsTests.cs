using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>The requests that tools send about groups, and the limits of groups.</summary>
public sealed class GroupToolsTests : IAsyncLifetime
{
    private RunningHub _hub = null!;
    private WireClient _tool = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync(arguments: ["--EventHub:MaxGroups", "2", "--EventHub:PendingRequestBytes", "1048576"]);
        _tool = await WireClient.ConnectAsync(_hub.Address);
        (await _tool.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _tool.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Tools_see_each_state_of_group()
    {
        await ShouldBeAsync("Dead", "", 0);
        (await _tool.ListGroupsAsync()).ShouldBeEmpty();
        (await _tool.DeleteGroupAsync("g")).ShouldBe(ErrorCode.GroupIdNotFound);

        using var first = new WireMember(_hub.Address, "g") { Metadata = [1, 2] };
        (await first.JoinAsync()).ShouldBe(ErrorCode.None);
        var completingGroup = await ShouldBeAsync("CompletingRebalance", "consumer", 1);
        (completingGroup.Protocol, completingGroup.Members[0].Metadata.Length, completingGroup.Members[0].Assignment.Length).ShouldBe(
            ("", 0, 0), "not stable yet");
        (await first.SyncAsync(all => all.ToDictionary(id => id, _ => new byte[] { 7 }))).ShouldBe(ErrorCode.None);
        var stableGroup = await ShouldBeAsync("Stable", "consumer", 1);
        stableGroup.Protocol.ShouldBe("range");
        (stableGroup.Members[0].Id, stableGroup.Members[0].ClientId).ShouldBe((first.Id, "wire-client"));
        stableGroup.Members[0].ClientHost.ShouldStartWith("127.0.0.1");
        stableGroup.Members[0].Metadata.ShouldBe([1, 2]);
        stableGroup.Members[0].Assignment.ShouldBe([7]);
        (await _tool.DeleteGroupAsync("g")).ShouldBe(ErrorCode.NonEmptyGroup);

        using var second = new WireMember(_hub.Address, "g");
        (await second.JoinOnceAsync()).ShouldBe(ErrorCode.MemberIdRequired);
        var parked = second.JoinOnceAsync();
        while (await first.HeartbeatAsync() != ErrorCode.RebalanceInProgress)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        (await ShouldBeAsync("PreparingRebalance", "consumer", 2)).Protocol.ShouldBe("");
        (await first.JoinAsync()).ShouldBe(ErrorCode.None);
        (await parked).ShouldBe(ErrorCode.None);
        (await _tool.ListGroupsAsync()).ShouldBe(new Dictionary<string, string> { ["g"] = "consumer" });
        (await Task.WhenAll(first.SyncAsync(), second.SyncAsync())).ShouldAllBe(e => e == ErrorCode.None);
        (await second.CommitAsync("ticks", 0, 5)).ShouldBe(ErrorCode.None);
        (await first.LeaveAsync()).ShouldBe(ErrorCode.None);
        (await second.LeaveAsync()).ShouldBe(ErrorCode.None);

        await ShouldBeAsync("Empty", "consumer", 0);
        (await _tool.ListGroupsAsync()).ShouldBe(new Dictionary<string, string> { ["g"] = "consumer" });
        (await second.CommitAsync("ticks", 0, 6)).ShouldBe(ErrorCode.UnknownMemberId);
        (await _tool.DeleteGroupAsync("g")).ShouldBe(ErrorCode.None);
        await ShouldBeAsync("Dead", "", 0);
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(-1);
        (await CommitUntilLoopEndsAsync(second)).ShouldBe(ErrorCode.IllegalGeneration, "the group does not exist");
    }

    [Fact]
    public async Task Groups_are_listed_by_state()
    {
        using var member = new WireMember(_hub.Address, "busy");
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        using var quietMember = new WireMember(_hub.Address, "quiet");
        (await quietMember.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
        (await _tool.ListGroupStatesAsync()).ShouldBe([("busy", "CompletingRebalance"), ("quiet", "Empty")]);
        (await _tool.ListGroupStatesAsync("empty")).ShouldBe([("quiet", "Empty")]);
        (await _tool.ListGroupStatesAsync("Stable", "CompletingRebalance")).ShouldBe([("busy", "CompletingRebalance")]);
        (await _tool.ListGroupStatesAsync("Dead")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(5_999, ErrorCode.InvalidSessionTimeout)]
    [InlineData(6_000, ErrorCode.None)]
    [InlineData(1_800_000, ErrorCode.None)]
    [InlineData(1_800_001, ErrorCode.InvalidSessionTimeout)]
    internal async Task Session_timeout_is_bounded(int milliseconds, ErrorCode expected)
    {
        using var member = new WireMember(_hub.Address, "g") { SessionMs = milliseconds };
        (await member.JoinAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Allowed_operations_are_described_on_request()
    {
        (await _tool.OperationsOfGroupAsync("g", include: true)).ShouldBe(328);
        (await _tool.OperationsOfGroupAsync("g", include: false)).ShouldBe(int.MinValue);
    }

    [Fact]
    public async Task Ended_groups_use_no_room()
    {
        for (var i = 0; i < 10; i++)
        {
            using var member = new WireMember(_hub.Address, $"passing-{i}");
            await JoinWhenThereIsRoomAsync(member);
            (await member.LeaveAsync()).ShouldBe(ErrorCode.None);
        }

        using var first = new WireMember(_hub.Address, "one");
        using var second = new WireMember(_hub.Address, "two");
        using var third = new WireMember(_hub.Address, "three");
        await JoinWhenThereIsRoomAsync(first);
        await JoinWhenThereIsRoomAsync(second);
        (await third.JoinAsync()).ShouldBe(ErrorCode.GroupMaxSizeReached);
        using var firstCommitter = new WireMember(_hub.Address, "a");
        using var secondCommitter = new WireMember(_hub.Address, "b");
        using var thirdCommitter = new WireMember(_hub.Address, "c");
        (await firstCommitter.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
        (await secondCommitter.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
        (await thirdCommitter.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.GroupMaxSizeReached);
        (await firstCommitter.CommitAsync("ticks", 0, 2)).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Parked_join_does_not_block_other_requests()
    {
        using var first = new WireMember(_hub.Address, "g");
        (await first.JoinAsync()).ShouldBe(ErrorCode.None);
        using var second = new WireMember(_hub.Address, "g") { Metadata = new byte[900_000] };
        (await second.JoinOnceAsync()).ShouldBe(ErrorCode.MemberIdRequired);
        var parked = second.JoinOnceAsync();
        while (await first.HeartbeatAsync() != ErrorCode.RebalanceInProgress)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        var produced = await _tool.ProduceAsync("ticks", 0, Batches.Of(new string('x', 900_000)))
            .WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        produced.ShouldBe((ErrorCode.None, 0));
        parked.IsCompleted.ShouldBeFalse();
        (await first.JoinAsync()).ShouldBe(ErrorCode.None);
        (await parked).ShouldBe(ErrorCode.None);
    }

    /// <summary>Commits until the group's loop has ended, which happens after the leave is stored.</summary>
    private static async Task<ErrorCode> CommitUntilLoopEndsAsync(WireMember member)
    {
        ErrorCode response;
        do
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            response = await member.CommitAsync("ticks", 0, 6);
        }
        while (response == ErrorCode.UnknownMemberId);

        return response;
    }

    /// <summary>
    /// Joins, and retries at the limit of groups: an empty group makes room only when the leave of its last member is stored.
    /// </summary>
    private static async Task JoinWhenThereIsRoomAsync(WireMember member)
    {
        ErrorCode error;
        while ((error = await member.JoinAsync()) == ErrorCode.GroupMaxSizeReached)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        error.ShouldBe(ErrorCode.None);
    }

    private async Task<DescribedGroup> ShouldBeAsync(string state, string protocolType, int members)
    {
        var group = await _tool.DescribeGroupAsync("g");
        (group.State, group.ProtocolType, group.Members.Count).ShouldBe((state, protocolType, members));
        return group;
    }
}
