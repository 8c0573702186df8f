using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Groups;

public sealed class GroupTests
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);
    private readonly Group _group = new("g", new GroupMemory(), GroupTiming.Default, NullLogger.Instance);
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void New_member_joins_again_with_its_id()
    {
        var response = Single(Join("", idRequired: true));
        response.Error.ShouldBe(ErrorCode.MemberIdRequired);
        response.MemberId.ShouldStartWith("client-");
        var joined = Single(Join(response.MemberId, idRequired: true));
        (joined.Error, joined.Generation, joined.MemberId, joined.Leader)
            .ShouldBe((ErrorCode.None, 1, response.MemberId, response.MemberId));
        joined.Members.Select(m => m.MemberId).ShouldBe([response.MemberId]);
    }

    [Fact]
    public void First_member_does_not_wait()
    {
        Single(Join("")).Generation.ShouldBe(1);
        _group.State.ShouldBe(GroupState.CompletingRebalance);
    }

    [Fact]
    public void Second_member_waits_until_first_rejoins()
    {
        var first = Stable();
        var second = Join("");
        second.ShouldBeEmpty();
        Heartbeat(first, 1).ShouldBe(ErrorCode.RebalanceInProgress);
        var again = Single(Join(first));
        var other = Single(second);
        (again.Generation, other.Generation).ShouldBe((2, 2));
        again.Leader.ShouldBe(first);
        again.Members.Count.ShouldBe(2);
        other.Members.ShouldBeEmpty("only the leader receives the members");
        Heartbeat(first, 2).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Early_sync_waits_for_assignments_of_leader()
    {
        var (leader, follower) = JoinPair();
        var waiting = Sync(follower, 2);
        waiting.ShouldBeEmpty();
        Sync(leader, 2, (leader, [1]), (follower, [2])).Single().Assignment.ShouldBe([1]);
        waiting.Single().Assignment.ShouldBe([2]);
        Sync(follower, 2).Single().Assignment.ShouldBe([2], "second request");
        _group.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void Member_without_assignment_gets_empty_assignment()
    {
        var (leader, follower) = JoinPair();
        Sync(leader, 2, (leader, [1]));
        Sync(follower, 2).Single().Assignment.ShouldBe(new byte[10]);
    }

    [Fact]
    public void Silent_member_is_removed()
    {
        var (leader, follower) = JoinPair();
        Sync(leader, 2, (leader, [1]), (follower, [2]));
        Sync(follower, 2);
        AdvanceTime(Session * 0.9);
        Heartbeat(leader, 2).ShouldBe(ErrorCode.None);
        AdvanceTime(Session * 0.2);
        Heartbeat(follower, 2).ShouldBe(ErrorCode.UnknownMemberId);
        Heartbeat(leader, 2).ShouldBe(ErrorCode.RebalanceInProgress);
        Single(Join(leader)).Members.Count.ShouldBe(1);
    }

    [Fact]
    public void Parked_join_does_not_expire()
    {
        var first = Stable();
        var second = Join("");
        AdvanceTime(Session * 0.9);
        Heartbeat(first, 1).ShouldBe(ErrorCode.RebalanceInProgress);
        AdvanceTime(Session * 0.9);
        Heartbeat(first, 1);
        second.ShouldBeEmpty();
        Single(Join(first));
        Single(second).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Rebalance_timeout_removes_member_that_does_not_rejoin()
    {
        var first = Stable();
        var second = Join("");
        for (var elapsed = TimeSpan.Zero; elapsed < Rebalance; elapsed += Session / 2)
        {
            Heartbeat(first, 1);
            AdvanceTime(Session / 2);
        }

        var response = Single(second);
        (response.Generation, response.Members.Count).ShouldBe((2, 1));
        Heartbeat(first, 1).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Member_without_sync_is_removed()
    {
        var (leader, follower) = JoinPair();
        for (var elapsed = TimeSpan.Zero; elapsed <= Rebalance; elapsed += Session / 2)
        {
            Heartbeat(leader, 2);
            Heartbeat(follower, 2);
            AdvanceTime(Session / 2);
        }

        _group.Members.ShouldBeEmpty();
        _group.State.ShouldBe(GroupState.Empty);
    }

    [Fact]
    public void New_rebalance_completes_parked_syncs()
    {
        var (leader, follower) = JoinPair();
        var waiting = Sync(follower, 2);
        Join("");
        waiting.Single().Error.ShouldBe(ErrorCode.RebalanceInProgress);
        Sync(leader, 2, (leader, [1])).Single().Error.ShouldBe(ErrorCode.RebalanceInProgress);
    }

    [Fact]
    public void Rejoined_follower_causes_rebalance_only_if_it_changed()
    {
        var (leader, follower) = JoinPair();
        Sync(leader, 2, (leader, [1]), (follower, [2]));
        Single(Join(follower)).Generation.ShouldBe(2);
        _group.State.ShouldBe(GroupState.Stable);
        Join(follower, metadata: 9).ShouldBeEmpty();
        _group.State.ShouldBe(GroupState.PreparingRebalance);
    }

    [Fact]
    public void Leave_causes_rebalance_and_last_leave_empties_group()
    {
        var (leader, follower) = JoinPair();
        Sync(leader, 2, (leader, [1]), (follower, [2]));
        _group.Leave(leader, null, _now).ShouldBe(ErrorCode.None);
        _group.Leave(leader, null, _now).ShouldBe(ErrorCode.UnknownMemberId);
        Single(Join(follower)).Leader.ShouldBe(follower);
        _group.Leave(follower, null, _now).ShouldBe(ErrorCode.None);
        _group.State.ShouldBe(GroupState.Empty);
        Store();
        _group.IsIdle.ShouldBeTrue();
        _group.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void Static_member_returns_without_rebalance()
    {
        var leader = Stable();
        var second = Join("", instance: "box-2");
        Single(Join(leader));
        var oldMemberId = Single(second).MemberId;
        Sync(leader, 2, (leader, [1]), (oldMemberId, [2]));
        Sync(oldMemberId, 2);
        var rejoined = Single(Join("", instance: "box-2"));
        rejoined.MemberId.ShouldNotBe(oldMemberId);
        rejoined.Generation.ShouldBe(2);
        _group.State.ShouldBe(GroupState.Stable);
        Sync(rejoined.MemberId, 2, instance: "box-2").Single().Assignment.ShouldBe([2]);
        _group.Heartbeat(oldMemberId, "box-2", 2, _now).ShouldBe(ErrorCode.FencedInstanceId);
    }

    [Fact]
    public void Incompatible_members_are_refused()
    {
        Stable();
        Single(Join("", protocol: "sticky")).Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        Single(Join("", type: "connect")).Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        Single(Join("who")).Error.ShouldBe(ErrorCode.UnknownMemberId);
        Single(Join("", session: TimeSpan.FromHours(2))).Error.ShouldBe(ErrorCode.InvalidSessionTimeout);
    }

    [Fact]
    public void Commits_are_fenced()
    {
        _group.CheckCommit("", null, -1, _now).ShouldBe(ErrorCode.None, "the group is empty");
        var member = Single(Join("")).MemberId;
        _group.CheckCommit(member, null, 1, _now).ShouldBe(ErrorCode.RebalanceInProgress, "it has no assignment yet");
        Sync(member, 1, (member, [1]));
        _group.CheckCommit(member, null, 1, _now).ShouldBe(ErrorCode.None);
        _group.CheckCommit(member, null, 0, _now).ShouldBe(ErrorCode.IllegalGeneration);
        _group.CheckCommit("who", null, 1, _now).ShouldBe(ErrorCode.UnknownMemberId);
        _group.CheckCommit("", null, -1, _now).ShouldBe(ErrorCode.UnknownMemberId, "the group has members");
        Join("", instance: "box-2");
        var staticMember = _group.Members.Single(m => m.LastJoin.InstanceId == "box-2").Id;
        _group.CheckCommit(staticMember, "box-2", 1, _now).ShouldBe(ErrorCode.None, "a member may commit until it rejoins");
        Join("", instance: "box-2");
        _group.CheckCommit(staticMember, "box-2", 1, _now).ShouldBe(ErrorCode.FencedInstanceId, "another process replaced it");
    }

    [Fact]
    public void Static_leader_returns_without_rebalance()
    {
        var leader = Single(Join("", instance: "box-1")).MemberId;
        Sync(leader, 1, "box-1", (leader, [7]));
        var rejoined = Single(Join("", instance: "box-1"));
        (rejoined.Generation, rejoined.Leader, rejoined.Members.Count).ShouldBe((1, leader, 0), "only the leader assigns partitions");
        _group.State.ShouldBe(GroupState.Stable);
        Sync(rejoined.MemberId, 1, instance: "box-1").Single().Assignment.ShouldBe([7]);
        _group.Heartbeat(leader, "box-1", 1, _now).ShouldBe(ErrorCode.FencedInstanceId);
        Single(Join(rejoined.MemberId, instance: "box-1")).Leader.ShouldBe(rejoined.MemberId, "it is the leader");
    }

    private string Stable()
    {
        var member = Single(Join("")).MemberId;
        Sync(member, 1, (member, [0]));
        _group.State.ShouldBe(GroupState.Stable);
        return member;
    }

    private (string Leader, string Follower) JoinPair()
    {
        var leader = Stable();
        var second = Join("");
        Single(Join(leader));
        return (leader, Single(second).MemberId);
    }

    private List<JoinResponse> Join(
        string member, bool idRequired = false, string? instance = null, string protocol = "range", string type = "consumer",
        byte metadata = 1,
        TimeSpan? session = null)
    {
        var responses = new List<JoinResponse>();
        var request = new JoinRequest(
            member, instance, "client", "host", session ?? Session, Rebalance, type, [new MemberProtocol(protocol, [metadata])],
            idRequired);
        _group.Join(request, _now, responses.Add);
        Store();
        return responses;
    }

    private static JoinResponse Single(List<JoinResponse> responses) => responses.ShouldHaveSingleItem();

    private List<SyncResponse> Sync(string member, int generation, params (string Member, byte[] Assignment)[] assignments) =>
        Sync(member, generation, null, assignments);

    private List<SyncResponse> Sync(
        string member, int generation, string? instance, params (string Member, byte[] Assignment)[] assignments)
    {
        var responses = new List<SyncResponse>();
        _group.Sync(member, instance, generation, assignments.ToDictionary(a => a.Member, a => a.Assignment), _now, responses.Add);
        Store();
        return responses;
    }

    /// <summary>Marks all changes so far as stored.</summary>
    private void Store() => _group.Changes.SetStored(_group.Changes.Last, _now);

    private ErrorCode Heartbeat(string member, int generation) => _group.Heartbeat(member, null, generation, _now);

    /// <summary>Lets time pass, and advances the group at each deadline, as its loop does.</summary>
    private void AdvanceTime(TimeSpan time)
    {
        var until = _now + time;
        while (_group.NextDeadline is { } deadline && deadline <= until)
        {
            _now = deadline > _now ? deadline : _now;
            _group.Advance(_now);
        }

        _now = until;
    }
}
