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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Commits_of_the_first_versions_are_stored(short version)
    {
        (await CommitAsync(version, -1, "", 7)).ShouldBe(ErrorCode.None);
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(7);
        using var member = new WireMember(_hub.Address, "g");
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await member.SyncAsync(all => all.ToDictionary(id => id, _ => new byte[] { 7 }))).ShouldBe(ErrorCode.None);
        (await CommitAsync(version, member.Generation, member.Id, 8)).ShouldBe(version == 0 ? ErrorCode.UnknownMemberId : ErrorCode.None);
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(version == 0 ? 7 : 8);
    }

    [Fact]
    public async Task Offsets_of_topics_that_nobody_subscribes_to_are_deleted()
    {
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.GroupIdNotFound, null));
        (await _tool.CreateTopicAsync("bars")).ShouldBe(ErrorCode.None);
        using var member = new WireMember(_hub.Address, "g") { Metadata = [0, 0, 0, 0, 0, 1, 0, 5, .. "ticks"u8] };
        (await member.CommitAsync("bars", 0, 4)).ShouldBe(ErrorCode.None);
        (await member.CommitAsync("ticks", 0, 5)).ShouldBe(ErrorCode.None);
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.None, ErrorCode.GroupSubscribedToTopic));
        (await _tool.DeleteOffsetAsync("g", "bars", 0)).ShouldBe((ErrorCode.None, ErrorCode.None));
        (await _tool.DeleteOffsetAsync("g", "bars", 1)).ShouldBe((ErrorCode.None, ErrorCode.UnknownTopicOrPartition));
        (await _tool.FetchOffsetAsync("g", "bars", 0)).ShouldBe(-1);
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(5);
        (await member.LeaveAsync()).ShouldBe(ErrorCode.None);
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.None, ErrorCode.None));
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(-1);
    }

    [Fact]
    public async Task Offsets_of_a_group_that_is_no_consumer_are_kept_while_it_has_members()
    {
        using var member = new WireMember(_hub.Address, "g") { Metadata = [9] };
        (await member.CommitAsync("ticks", 0, 5)).ShouldBe(ErrorCode.None);
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.NonEmptyGroup, null));
    }

    [Fact]
    public async Task Operations_that_a_client_may_do_are_told_when_it_asks()
    {
        (await _tool.OperationsOfGroupAsync("g", asks: true)).ShouldBe(328);
        (await _tool.OperationsOfGroupAsync("g", asks: false)).ShouldBe(int.MinValue);
    }

    private async Task<ErrorCode> CommitAsync(short version, int generation, string member, long offset)
    {
        var reader = new WireReader(await _tool.CallAsync(ApiKey.OffsetCommit, version, w =>
        {
            w.WriteString("g");
            if (version >= 1)
            {
                w.WriteInt32(generation);
                w.WriteString(member);
            }

            w.WriteInt32(1);
            w.WriteString("ticks");
            w.WriteInt32(1);
            w.WriteInt32(0);
            w.WriteInt64(offset);
            if (version >= 1)
            {
                w.WriteInt64(-1); // timestamp
            }

            w.WriteString("");
        }));
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe("ticks");
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt32().ShouldBe(0);
        var error = (ErrorCode)reader.ReadInt16();
        reader.Remaining.ShouldBe(0);
        return error;
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

    [Fact]
    public async Task Commit_with_a_name_too_long_for_the_log_costs_only_its_connection()
    {
        using var stranger = await WireClient.ConnectAsync(_hub.Address);
        await stranger.SendAsync(ApiKey.OffsetCommit, 8, static w =>
        {
            // Flexible: the header's tags, then compact strings, which may claim any length.
            w.WriteInt8(0);
            const int Length = 40_000;
            for (var rest = Length + 1; ; rest >>= 7)
            {
                w.WriteInt8((sbyte)(rest < 0x80 ? rest : (rest & 0x7f) | 0x80));
                if (rest < 0x80)
                {
                    break;
                }
            }

            for (var i = 0; i < Length; i++)
            {
                w.WriteInt8((sbyte)'g');
            }

            w.WriteInt32(-1);
            w.WriteInt8(1); // member: empty
            w.WriteInt8(0); // instance: null
            w.WriteInt8(2); // one topic
            w.WriteInt8(6);
            foreach (var letter in "ticks")
            {
                w.WriteInt8((sbyte)letter);
            }

            w.WriteInt8(2); // one partition
            w.WriteInt32(0);
            w.WriteInt64(1);
            w.WriteInt32(-1);
            w.WriteInt8(1); // metadata: empty
            w.WriteInt8(0);
            w.WriteInt8(0);
            w.WriteInt8(0);
        });
        (await stranger.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBeNull();
        (await _tool.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
    }

    /// <summary>A group that was left makes room when that is stored, a moment later.</summary>
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
