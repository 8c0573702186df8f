using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Groups;

public sealed class GroupMemoryTests
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);
    private readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Members_above_memory_limit_are_refused()
    {
        var group = new Group("small", new GroupMemory(maxBytes: 100), GroupTiming.Default, NullLogger.Instance);
        var first = JoinWith(60);
        first.Error.ShouldBe(ErrorCode.None);
        JoinWith(60).Error.ShouldBe(ErrorCode.GroupMaxSizeReached);
        group.Leave(first.MemberId, null, _now).ShouldBe(ErrorCode.None);
        JoinWith(60).Error.ShouldBe(ErrorCode.None);

        JoinResponse JoinWith(int bytes)
        {
            var responses = new List<JoinResponse>();
            group.Join(
                new JoinRequest("", null, "client", "host", Session, Rebalance, "consumer", [new MemberProtocol("range", new byte[bytes])],
                    IdRequired: false),
                _now, responses.Add);
            return responses.ShouldHaveSingleItem();
        }
    }
}
