using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>The initial rebalance delay.</summary>
public sealed class GroupInitialDelayTests
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Joins_during_initial_delay_cause_one_rebalance()
    {
        var group = new Group(
            "g", new GroupMemory(), GroupTiming.Default with { InitialDelay = TimeSpan.FromSeconds(3) }, NullLogger.Instance);
        var first = JoinNewMember();
        group.NextDeadline.ShouldBe(_now + TimeSpan.FromSeconds(3));
        _now += TimeSpan.FromSeconds(2);
        group.Advance(_now);
        var second = JoinNewMember();
        group.NextDeadline.ShouldBe(_now + TimeSpan.FromSeconds(3), "a new member restarts the wait");
        _now += TimeSpan.FromSeconds(2);
        group.Advance(_now);
        (first.Count, second.Count).ShouldBe((0, 0));
        _now += TimeSpan.FromSeconds(1);
        group.Advance(_now);
        (first.Single().Generation, second.Single().Generation).ShouldBe((1, 1));
        group.State.ShouldBe(GroupState.CompletingRebalance);

        JoinNewMember().ShouldBeEmpty("a group with a generation waits only for its members");
        group.Leave(first[0].MemberId, null, _now).ShouldBe(ErrorCode.None);
        group.Leave(second[0].MemberId, null, _now).ShouldBe(ErrorCode.None);
        group.Generation.ShouldBe(2);

        List<JoinResponse> JoinNewMember()
        {
            var responses = new List<JoinResponse>();
            group.Join(new JoinRequest("", null, "c", "h", Session, Rebalance, "consumer", [new("range", [])], false), _now, responses.Add);
            return responses;
        }
    }

    [Fact]
    public void Initial_delay_ends_at_rebalance_timeout()
    {
        var group = new Group(
            "g", new GroupMemory(), GroupTiming.Default with { InitialDelay = TimeSpan.FromMinutes(5) }, NullLogger.Instance);
        var responses = new List<JoinResponse>();
        group.Join(new JoinRequest("", null, "c", "h", Session, Rebalance, "consumer", [new("range", [])], false), _now, responses.Add);
        group.NextDeadline.ShouldBe(_now + Rebalance);
        _now += Rebalance;
        group.Advance(_now);
        responses.Single().Generation.ShouldBe(1);
    }
}
