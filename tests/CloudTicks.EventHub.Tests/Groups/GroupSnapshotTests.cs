using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>What a group's snapshot contains, when the snapshot is stored, and the state after a restart.</summary>
public sealed class GroupSnapshotTests
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private readonly Group _group = new("g", new GroupMemory(), GroupTiming.Default, NullLogger.Instance);

    [Fact]
    public void Assignment_is_sent_after_store()
    {
        var member = Join(_group, "");
        _group.Changes.IsSettled.ShouldBeTrue("a join changes nothing durable");
        var responses = Sync(member, [1]);
        responses.ShouldBeEmpty();
        _group.State.ShouldBe(GroupState.CompletingRebalance);
        _group.Snapshot().Stable.ShouldBeTrue("the stored snapshot has the assignment");
        Store();
        responses.Single().Assignment.ShouldBe([1]);
        _group.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void Full_disk_does_not_delay_assignment()
    {
        var responses = Sync(Join(_group, ""), [1]);
        _group.Changes.ReleaseWaiting(Start);
        responses.Single().Error.ShouldBe(ErrorCode.None);
        _group.State.ShouldBe(GroupState.Stable);
        _group.Changes.IsSettled.ShouldBeFalse("the change is not stored yet");
    }

    [Fact]
    public void Rebalance_before_store_replaces_assignment()
    {
        var responses = Sync(Join(_group, ""), [1]);
        Join(_group, "", wait: true);
        Store();
        responses.Single().Error.ShouldBe(ErrorCode.RebalanceInProgress);
        _group.State.ShouldBe(GroupState.PreparingRebalance);
    }

    [Fact]
    public void Heartbeats_and_commits_store_nothing()
    {
        var member = Stable();
        _group.Heartbeat(member, null, 1, Start).ShouldBe(ErrorCode.None);
        _group.CheckCommit(member, null, 1, Start).ShouldBe(ErrorCode.None);
        _group.Changes.IsSettled.ShouldBeTrue();
    }

    [Fact]
    public void Rejoining_static_member_gets_new_id_after_store()
    {
        var old = Join(_group, "", instance: "box-1");
        Sync(old, [1], "box-1");
        Store();
        var responses = new List<JoinResponse>();
        _group.Join(Request("", "box-1"), Start, responses.Add);
        responses.ShouldBeEmpty();
        Store();
        _group.Heartbeat(responses.Single().MemberId, "box-1", 1, Start).ShouldBe(ErrorCode.None);
        var restored = RestoreGroup();
        restored.Heartbeat(responses.Single().MemberId, "box-1", 1, Start).ShouldBe(ErrorCode.None);
        restored.Heartbeat(old, "box-1", 1, Start).ShouldBe(ErrorCode.FencedInstanceId);
    }

    [Fact]
    public void Stable_group_continues_after_restart()
    {
        var member = Stable();
        var restored = RestoreGroup();
        (restored.State, restored.Generation, restored.Protocol, restored.ProtocolType, restored.Leader).ShouldBe(
            (GroupState.Stable, 1, "range", "consumer", member));
        restored.Heartbeat(member, null, 1, Start).ShouldBe(ErrorCode.None);
        restored.CheckCommit(member, null, 1, Start).ShouldBe(ErrorCode.None);
        var responses = new List<SyncResponse>();
        restored.Sync(member, null, 1, new Dictionary<string, byte[]>(), Start, responses.Add);
        responses.Single().Assignment.ShouldBe([1]);
        restored.Changes.IsSettled.ShouldBeTrue();
    }

    [Fact]
    public void Missing_member_expires_a_session_timeout_after_restart()
    {
        var member = Stable();
        var restored = RestoreGroup();
        restored.Advance(Start + Session - TimeSpan.FromMilliseconds(1));
        restored.Members.ShouldHaveSingleItem().Id.ShouldBe(member);
        restored.NextDeadline.ShouldBe(Start + Session);
        restored.Advance(Start + Session);
        restored.State.ShouldBe(GroupState.Empty);
        restored.Snapshot().Generation.ShouldBe(2);
    }

    [Fact]
    public void Unstable_group_rebalances_after_restart()
    {
        var member = Stable();
        Join(_group, "", wait: true);
        Join(_group, member);
        var other = _group.Members.Single(m => m.Id != member).Id;
        _group.Leave(other, null, Start).ShouldBe(ErrorCode.None);
        var restored = RestoreGroup();
        restored.State.ShouldBe(GroupState.PreparingRebalance);
        restored.Heartbeat(other, null, restored.Generation, Start).ShouldBe(ErrorCode.UnknownMemberId);
        restored.Heartbeat(member, null, restored.Generation, Start).ShouldBe(ErrorCode.RebalanceInProgress);
        var generation = restored.Generation;
        Join(restored, member);
        restored.Generation.ShouldBe(generation + 1);
    }

    [Fact]
    public void Snapshot_is_read_as_written()
    {
        var member = Join(_group, "", instance: "box-1");
        Sync(member, [1, 2, 3], "box-1");
        var snapshot = _group.Snapshot();
        using var writer = new WireWriter();
        GroupSnapshot.Write(writer, snapshot);
        var reader = new WireReader(writer.Written.Span);
        var read = GroupSnapshot.Read(ref reader);
        reader.Remaining.ShouldBe(0);
        (read.Id, read.Generation, read.ProtocolType, read.Protocol, read.Leader, read.Stable).ShouldBe(
            ("g", 1, "consumer", "range", member, true));
        var restoredMember = read.Members.ShouldHaveSingleItem();
        restoredMember.Assignment.ShouldBe([1, 2, 3]);
        (restoredMember.LastJoin with { Protocols = [] }).ShouldBe(Request(member, "box-1") with { Protocols = [] });
        restoredMember.LastJoin.Protocols.ShouldHaveSingleItem().Metadata.ShouldBe([9]);
    }

    private string Stable()
    {
        var member = Join(_group, "");
        Sync(member, [1]);
        Store();
        _group.State.ShouldBe(GroupState.Stable);
        return member;
    }

    private static JoinRequest Request(string member, string? instance) => new(
        member, instance, "client", "host", Session, TimeSpan.FromSeconds(60), "consumer", [new MemberProtocol("range", [9])],
        IdRequired: false);

    private static string Join(Group group, string member, bool wait = false, string? instance = null)
    {
        var responses = new List<JoinResponse>();
        group.Join(Request(member, instance), Start, responses.Add);
        return wait ? "" : responses.ShouldHaveSingleItem().MemberId;
    }

    private List<SyncResponse> Sync(string member, byte[] assignment, string? instance = null)
    {
        var responses = new List<SyncResponse>();
        _group.Sync(member, instance, _group.Generation, new Dictionary<string, byte[]> { [member] = assignment }, Start, responses.Add);
        return responses;
    }

    private void Store() => _group.Changes.SetStored(_group.Changes.Last, Start);

    private Group RestoreGroup()
    {
        var group = new Group("g", new GroupMemory(), GroupTiming.Default, NullLogger.Instance);
        group.Restore(_group.Snapshot(), Start);
        return group;
    }
}
