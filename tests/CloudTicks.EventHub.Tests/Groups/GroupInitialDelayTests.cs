using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>Groups whose first members wait for more.</summary>
public sealed class GroupInitialDelayTests
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Members_that_start_together_cost_one_rebalance_when_the_first_waits()
    {
        var group = new Group(
            "g", new GroupMemory(), GroupTiming.Default with { InitialDelay = TimeSpan.FromSeconds(3) }, NullLogger.Instance);
        var first = JoinIt();
        group.NextDeadline.ShouldBe(_now + TimeSpan.FromSeconds(3));
        _now += TimeSpan.FromSeconds(2);
        group.Advance(_now);
        var second = JoinIt();
        group.NextDeadline.ShouldBe(_now + TimeSpan.FromSeconds(3), "a newcomer begins the wait anew");
        _now += TimeSpan.FromSeconds(2);
        group.Advance(_now);
        (first.Count, second.Count).ShouldBe((0, 0));
        _now += TimeSpan.FromSeconds(1);
        group.Advance(_now);
        (first.Single().Generation, second.Single().Generation).ShouldBe((1, 1));
        group.State.ShouldBe(GroupState.CompletingRebalance);

        JoinIt().ShouldBeEmpty("a group that has begun waits for its members only");
        group.Leave(first[0].MemberId, null, _now).ShouldBe(ErrorCode.None);
        group.Leave(second[0].MemberId, null, _now).ShouldBe(ErrorCode.None);
        group.Generation.ShouldBe(2);

        List<JoinResponse> JoinIt()
        {
            var answers = new List<JoinResponse>();
            group.Join(new JoinRequest("", null, "c", "h", Session, Rebalance, "consumer", [new("range", [])], false), _now, answers.Add);
            return answers;
        }
    }

    [Fact]
    public void Wait_for_more_members_ends_at_the_rebalance_timeout()
    {
        var group = new Group(
            "g", new GroupMemory(), GroupTiming.Default with { InitialDelay = TimeSpan.FromMinutes(5) }, NullLogger.Instance);
        var answers = new List<JoinResponse>();
        group.Join(new JoinRequest("", null, "c", "h", Session, Rebalance, "consumer", [new("range", [])], false), _now, answers.Add);
        group.NextDeadline.ShouldBe(_now + Rebalance);
        _now += Rebalance;
        group.Advance(_now);
        answers.Single().Generation.ShouldBe(1);
    }
}
