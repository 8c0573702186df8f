using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Apis;

public class FetchSessionsTests
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);
    private readonly TestTime _time = new();

    [Fact]
    public void Full_table_refuses_new_session_while_all_are_active()
    {
        var sessions = new FetchSessions(_time, maxSessions: 2);
        sessions.Open(Responses(1)).ShouldNotBe(FetchSession.None);
        sessions.Open(Responses(1)).ShouldNotBe(FetchSession.None);
        sessions.Open(Responses(1)).ShouldBe(FetchSession.None);
    }

    [Fact]
    public void New_session_replaces_least_recently_used()
    {
        var sessions = new FetchSessions(_time, maxSessions: 2);
        var (first, second) = (sessions.Open(Responses(1)), sessions.Open(Responses(1)));
        _time.Advance(IdleTime);
        Continue(sessions, first, 1).ShouldBe(ErrorCode.None);
        sessions.Open(Responses(1)).ShouldNotBe(FetchSession.None);
        Continue(sessions, second, 1).ShouldBe(ErrorCode.FetchSessionIdNotFound);
        Continue(sessions, first, 2).ShouldBe(ErrorCode.None);
        sessions.Open(Responses(1)).ShouldBe(FetchSession.None);
    }

    [Fact]
    public void Memory_is_bounded_and_released()
    {
        var sessions = new FetchSessions(_time, maxBytes: 100_000);
        var large = sessions.Open(Responses(300));
        large.ShouldNotBe(FetchSession.None);
        sessions.Open(Responses(300)).ShouldBe(FetchSession.None);
        sessions.Open(Responses(10, topic: new string('x', 32_000))).ShouldBe(FetchSession.None);
        Continue(sessions, large, FetchSession.FinalEpoch).ShouldBe(ErrorCode.None);
        sessions.Open(Responses(300)).ShouldNotBe(FetchSession.None);
    }

    [Fact]
    public void Session_above_memory_limit_closes()
    {
        var sessions = new FetchSessions(_time, maxBytes: 100_000);
        var id = sessions.Open(Responses(1));
        Continue(sessions, id, 1, Responses(1000)).ShouldBe(ErrorCode.FetchSessionIdNotFound);
        Continue(sessions, id, 1).ShouldBe(ErrorCode.FetchSessionIdNotFound);
        sessions.Open(Responses(300)).ShouldNotBe(FetchSession.None);
    }

    [Fact]
    public void New_session_takes_memory_of_idle_sessions()
    {
        var sessions = new FetchSessions(_time, maxBytes: 100_000);
        sessions.Open(Responses(150));
        sessions.Open(Responses(150));
        _time.Advance(IdleTime);
        sessions.Open(Responses(400)).ShouldNotBe(FetchSession.None);
    }

    private static ErrorCode Continue(FetchSessions sessions, int id, int epoch, List<FetchPartitionResponse>? more = null) =>
        sessions.Continue(
        new FetchRequest(TimeSpan.Zero, 1, 1, id, epoch, [.. (more ?? []).Select(a => a.Position)], []), out _, out _);

    private static List<FetchPartitionResponse> Responses(int partitions, string topic = "ticks") =>
    [
        .. Enumerable.Range(0, partitions)
            .Select(p => new FetchPartitionResponse(new FetchPosition(topic, p, 0, 1), ErrorCode.None, FetchedRecords.Empty, 0, 0)),
    ];
}
