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
    public void Newcomer_is_told_its_id_and_comes_back_with_it()
    {
        var told = Answer(Join("", idRequired: true));
        told.Error.ShouldBe(ErrorCode.MemberIdRequired);
        told.MemberId.ShouldStartWith("client-");
        var joined = Answer(Join(told.MemberId, idRequired: true));
        (joined.Error, joined.Generation, joined.MemberId, joined.Leader).ShouldBe((ErrorCode.None, 1, told.MemberId, told.MemberId));
        joined.Members.Select(m => m.MemberId).ShouldBe([told.MemberId]);
    }

    [Fact]
    public void First_member_is_not_made_to_wait()
    {
        Answer(Join("")).Generation.ShouldBe(1);
        _group.State.ShouldBe(GroupState.CompletingRebalance);
    }

    [Fact]
    public void Second_member_waits_for_the_first_to_join_again()
    {
        var first = Stable();
        var second = Join("");
        second.ShouldBeEmpty();
        Heartbeat(first, 1).ShouldBe(ErrorCode.RebalanceInProgress);
        var again = Answer(Join(first));
        var other = Answer(second);
        (again.Generation, other.Generation).ShouldBe((2, 2));
        again.Leader.ShouldBe(first);
        again.Members.Count.ShouldBe(2);
        other.Members.ShouldBeEmpty("only the leader is told the members");
        Heartbeat(first, 2).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Assignments_reach_members_that_asked_before_the_leader()
    {
        var (leader, follower) = Pair();
        var waiting = Sync(follower, 2);
        waiting.ShouldBeEmpty();
        Sync(leader, 2, (leader, [1]), (follower, [2])).Single().Assignment.ShouldBe([1]);
        waiting.Single().Assignment.ShouldBe([2]);
        Sync(follower, 2).Single().Assignment.ShouldBe([2], "asked again");
        _group.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void Member_that_the_leader_left_out_gets_an_empty_assignment()
    {
        var (leader, follower) = Pair();
        Sync(leader, 2, (leader, [1]));
        Sync(follower, 2).Single().Assignment.ShouldBe(new byte[10]);
    }

    [Fact]
    public void Silent_member_is_removed_and_the_rest_goes_on()
    {
        var (leader, follower) = Pair();
        Sync(leader, 2, (leader, [1]), (follower, [2]));
        Sync(follower, 2);
        Pass(Session * 0.9);
        Heartbeat(leader, 2).ShouldBe(ErrorCode.None);
        Pass(Session * 0.2);
        Heartbeat(follower, 2).ShouldBe(ErrorCode.UnknownMemberId);
        Heartbeat(leader, 2).ShouldBe(ErrorCode.RebalanceInProgress);
        Answer(Join(leader)).Members.Count.ShouldBe(1);
    }

    [Fact]
    public void Parked_join_does_not_expire()
    {
        var first = Stable();
        var second = Join("");
        Pass(Session * 0.9);
        Heartbeat(first, 1).ShouldBe(ErrorCode.RebalanceInProgress);
        Pass(Session * 0.9);
        Heartbeat(first, 1);
        second.ShouldBeEmpty();
        Answer(Join(first));
        Answer(second).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Rebalance_ends_without_a_member_that_beats_but_does_not_join()
    {
        var first = Stable();
        var second = Join("");
        for (var passed = TimeSpan.Zero; passed < Rebalance; passed += Session / 2)
        {
            Heartbeat(first, 1);
            Pass(Session / 2);
        }

        var answer = Answer(second);
        (answer.Generation, answer.Members.Count).ShouldBe((2, 1));
        Heartbeat(first, 1).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Member_that_never_asks_for_its_assignment_is_removed()
    {
        var (leader, follower) = Pair();
        for (var passed = TimeSpan.Zero; passed <= Rebalance; passed += Session / 2)
        {
            Heartbeat(leader, 2);
            Heartbeat(follower, 2);
            Pass(Session / 2);
        }

        _group.Members.ShouldBeEmpty();
        _group.State.ShouldBe(GroupState.Empty);
    }

    [Fact]
    public void New_rebalance_answers_parked_syncs()
    {
        var (leader, follower) = Pair();
        var waiting = Sync(follower, 2);
        Join("");
        waiting.Single().Error.ShouldBe(ErrorCode.RebalanceInProgress);
        Sync(leader, 2, (leader, [1])).Single().Error.ShouldBe(ErrorCode.RebalanceInProgress);
    }

    [Fact]
    public void Unchanged_follower_stays_and_changed_one_rebalances()
    {
        var (leader, follower) = Pair();
        Sync(leader, 2, (leader, [1]), (follower, [2]));
        Answer(Join(follower)).Generation.ShouldBe(2);
        _group.State.ShouldBe(GroupState.Stable);
        Join(follower, metadata: 9).ShouldBeEmpty();
        _group.State.ShouldBe(GroupState.PreparingRebalance);
    }

    [Fact]
    public void Leaving_rebalances_and_the_last_one_empties()
    {
        var (leader, follower) = Pair();
        Sync(leader, 2, (leader, [1]), (follower, [2]));
        _group.Leave(leader, null, _now).ShouldBe(ErrorCode.None);
        _group.Leave(leader, null, _now).ShouldBe(ErrorCode.UnknownMemberId);
        Answer(Join(follower)).Leader.ShouldBe(follower);
        _group.Leave(follower, null, _now).ShouldBe(ErrorCode.None);
        _group.State.ShouldBe(GroupState.Empty);
        Store();
        _group.Idle.ShouldBeTrue();
        _group.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void Static_member_takes_its_place_back_without_a_rebalance()
    {
        var leader = Stable();
        var second = Join("", instance: "box-2");
        Answer(Join(leader));
        var old = Answer(second).MemberId;
        Sync(leader, 2, (leader, [1]), (old, [2]));
        Sync(old, 2);
        var back = Answer(Join("", instance: "box-2"));
        back.MemberId.ShouldNotBe(old);
        back.Generation.ShouldBe(2);
        _group.State.ShouldBe(GroupState.Stable);
        Sync(back.MemberId, 2, instance: "box-2").Single().Assignment.ShouldBe([2]);
        _group.Heartbeat(old, "box-2", 2, _now).ShouldBe(ErrorCode.FencedInstanceId);
    }

    [Fact]
    public void Unsuitable_members_are_refused()
    {
        Stable();
        Answer(Join("", protocol: "sticky")).Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        Answer(Join("", type: "connect")).Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        Answer(Join("who")).Error.ShouldBe(ErrorCode.UnknownMemberId);
        Answer(Join("", session: TimeSpan.FromHours(2))).Error.ShouldBe(ErrorCode.InvalidSessionTimeout);
    }

    [Fact]
    public void Commits_are_fenced()
    {
        _group.CheckCommit("", null, -1, _now).ShouldBe(ErrorCode.None, "nobody is in the group");
        var member = Answer(Join("")).MemberId;
        _group.CheckCommit(member, null, 1, _now).ShouldBe(ErrorCode.RebalanceInProgress, "it has no assignment yet");
        Sync(member, 1, (member, [1]));
        _group.CheckCommit(member, null, 1, _now).ShouldBe(ErrorCode.None);
        _group.CheckCommit(member, null, 0, _now).ShouldBe(ErrorCode.IllegalGeneration);
        _group.CheckCommit("who", null, 1, _now).ShouldBe(ErrorCode.UnknownMemberId);
        _group.CheckCommit("", null, -1, _now).ShouldBe(ErrorCode.UnknownMemberId, "the group has members");
        Join("", instance: "box-2");
        var fixedOne = _group.Members.Single(m => m.Joined.InstanceId == "box-2").Id;
        _group.CheckCommit(fixedOne, "box-2", 1, _now).ShouldBe(ErrorCode.None, "until it joins again, a member may commit what it has");
        Join("", instance: "box-2");
        _group.CheckCommit(fixedOne, "box-2", 1, _now).ShouldBe(ErrorCode.FencedInstanceId, "another process took its place");
    }

    [Fact]
    public void Static_leader_takes_its_place_back_without_a_rebalance()
    {
        var leader = Answer(Join("", instance: "box-1")).MemberId;
        Sync(leader, 1, "box-1", (leader, [7]));
        var back = Answer(Join("", instance: "box-1"));
        (back.Generation, back.Leader, back.Members.Count).ShouldBe((1, leader, 0), "told that another leads, it does not assign anew");
        _group.State.ShouldBe(GroupState.Stable);
        Sync(back.MemberId, 1, instance: "box-1").Single().Assignment.ShouldBe([7]);
        _group.Heartbeat(leader, "box-1", 1, _now).ShouldBe(ErrorCode.FencedInstanceId);
        Answer(Join(back.MemberId, instance: "box-1")).Leader.ShouldBe(back.MemberId, "it leads all the same");
    }

    private string Stable()
    {
        var member = Answer(Join("")).MemberId;
        Sync(member, 1, (member, [0]));
        _group.State.ShouldBe(GroupState.Stable);
        return member;
    }

    private (string Leader, string Follower) Pair()
    {
        var leader = Stable();
        var second = Join("");
        Answer(Join(leader));
        return (leader, Answer(second).MemberId);
    }

    private List<JoinResponse> Join(
        string member, bool idRequired = false, string? instance = null, string protocol = "range", string type = "consumer",
        byte metadata = 1,
        TimeSpan? session = null)
    {
        var answers = new List<JoinResponse>();
        var request = new JoinRequest(
            member, instance, "client", "host", session ?? Session, Rebalance, type, [new MemberProtocol(protocol, [metadata])],
            idRequired);
        _group.Join(request, _now, answers.Add);
        Store();
        return answers;
    }

    private static JoinResponse Answer(List<JoinResponse> answers) => answers.ShouldHaveSingleItem();

    private List<SyncResponse> Sync(string member, int generation, params (string Member, byte[] Assignment)[] assignments) =>
        Sync(member, generation, null, assignments);

    private List<SyncResponse> Sync(string member, int generation, string? instance, params (string Member, byte[] Assignment)[] assignments)
    {
        var answers = new List<SyncResponse>();
        _group.Sync(member, instance, generation, assignments.ToDictionary(a => a.Member, a => a.Assignment), _now, answers.Add);
        Store();
        return answers;
    }

    /// <summary>The disk takes every change at once.</summary>
    private void Store() => _group.Changes.SetStored(_group.Changes.Last, _now);

    private ErrorCode Heartbeat(string member, int generation) => _group.Heartbeat(member, null, generation, _now);

    /// <summary>Lets time pass, waking the group at each of its deadlines as its loop does.</summary>
    private void Pass(TimeSpan time)
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
