using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Groups;

public sealed class GroupClockTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Clock_change_removes_no_member(int hours)
    {
        var clock = new TestClock();
        await using var group = new GroupLoop(
            "g", null, _ => Task.CompletedTask, _ => { }, new GroupMemory(), GroupTiming.Default, clock, NullLogger.Instance);
        var request = new JoinRequest(
            "", null, "client", "host", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), "consumer", [new MemberProtocol("range", [])],
            IdRequired: false);
        var joined = (await group.CallAsync<JoinResponse>((one, now, response) => one.Join(request, now, response), Cancellation)).Value;
        joined.Error.ShouldBe(ErrorCode.None);
        await group.CallAsync<SyncResponse>(
            (one, now, response) => one.Sync(
                joined.MemberId, null, joined.Generation, new Dictionary<string, byte[]> { [joined.MemberId] = [1] }, now, response),
            Cancellation);

        clock.ShiftWallClock(TimeSpan.FromHours(hours));

        (await group.CallAsync<ErrorCode>(
            (one, now, response) => response(one.Heartbeat(joined.MemberId, null, joined.Generation, now)), Cancellation))
            .ShouldBe(new GroupResponse<ErrorCode>(true, ErrorCode.None));
    }
}
