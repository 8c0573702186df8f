using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>What tools are told of a group in each of its states.</summary>
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
    public async Task Group_is_described_listed_and_deleted_as_its_state_demands()
    {
        await ShouldBeAsync("Dead", "", 0);
        (await _tool.ListGroupsAsync()).ShouldBeEmpty();
        (await _tool.DeleteGroupAsync("g")).ShouldBe(ErrorCode.GroupIdNotFound);

        using var first = new WireMember(_hub.Address, "g") { Metadata = [1, 2] };
        (await first.JoinAsync()).ShouldBe(ErrorCode.None);
        var completing = await ShouldBeAsync("CompletingRebalance", "consumer", 1);
        (completing.Protocol, completing.Members[0].Metadata.Length, completing.Members[0].Assignment.Length).ShouldBe(
            ("", 0, 0), "nothing is settled yet");
        (await first.SyncAsync(all => all.ToDictionary(id => id, _ => new byte[] { 7 }))).ShouldBe(ErrorCode.None);
        var stable = await ShouldBeAsync("Stable", "consumer", 1);
        stable.Protocol.ShouldBe("range");
        (stable.Members[0].Id, stable.Members[0].ClientId).ShouldBe((first.Id, "wire-client"));
        stable.Members[0].ClientHost.ShouldStartWith("127.0.0.1");
        stable.Members[0].Metadata.ShouldBe([1, 2]);
        stable.Members[0].Assignment.ShouldBe([7]);
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
        (await CommitOnceForgottenAsync(second)).ShouldBe(ErrorCode.IllegalGeneration, "of a group that nobody knows");
    }

    [Fact]
    public async Task Groups_are_listed_by_their_state()
    {
        using var member = new WireMember(_hub.Address, "busy");
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        using var commits = new WireMember(_hub.Address, "quiet");
        (await commits.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
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
    internal async Task Session_timeout_has_bounds(int milliseconds, ErrorCode expected)
    {
        using var member = new WireMember(_hub.Address, "g") { SessionMs = milliseconds };
        (await member.JoinAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Operations_that_a_client_may_do_are_told_when_it_asks()
    {
        (await _tool.OperationsOfGroupAsync("g", asks: true)).ShouldBe(328);
        (await _tool.OperationsOfGroupAsync("g", asks: false)).ShouldBe(int.MinValue);
    }

    [Fact]
    public async Task Groups_that_come_and_go_use_up_no_room()
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
        using var alone = new WireMember(_hub.Address, "a");
        using var another = new WireMember(_hub.Address, "b");
        using var many = new WireMember(_hub.Address, "c");
        (await alone.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
        (await another.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.None);
        (await many.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.GroupMaxSizeReached);
        (await alone.CommitAsync("ticks", 0, 2)).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Parked_join_keeps_nobody_from_being_read()
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
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        produced.ShouldBe((ErrorCode.None, 0));
        parked.IsCompleted.ShouldBeFalse();
        (await first.JoinAsync()).ShouldBe(ErrorCode.None);
        (await parked).ShouldBe(ErrorCode.None);
    }

    /// <summary>Commits until the group's loop has ended, which stores that its members left before it does.</summary>
    private static async Task<ErrorCode> CommitOnceForgottenAsync(WireMember member)
    {
        ErrorCode answer;
        do
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            answer = await member.CommitAsync("ticks", 0, 6);
        }
        while (answer == ErrorCode.UnknownMemberId);

        return answer;
    }

    /// <summary>A group that was left makes room when that is stored, a moment later.</summary>
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
