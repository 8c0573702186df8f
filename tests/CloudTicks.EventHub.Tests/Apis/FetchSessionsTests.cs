using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Apis;

public class FetchSessionsTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);
    private readonly TestTime _time = new();

    [Fact]
    public void Full_table_gives_no_more_sessions_while_all_are_used()
    {
        var sessions = new FetchSessions(_time, mostSessions: 2);
        sessions.Open(Answers(1)).ShouldNotBe(FetchSession.None);
        sessions.Open(Answers(1)).ShouldNotBe(FetchSession.None);
        sessions.Open(Answers(1)).ShouldBe(FetchSession.None);
    }

    [Fact]
    public void Session_that_was_not_used_for_longest_makes_room()
    {
        var sessions = new FetchSessions(_time, mostSessions: 2);
        var (first, second) = (sessions.Open(Answers(1)), sessions.Open(Answers(1)));
        _time.Advance(Idle);
        Continue(sessions, first, 1).ShouldBe(ErrorCode.None);
        sessions.Open(Answers(1)).ShouldNotBe(FetchSession.None);
        Continue(sessions, second, 1).ShouldBe(ErrorCode.FetchSessionIdNotFound);
        Continue(sessions, first, 2).ShouldBe(ErrorCode.None);
        sessions.Open(Answers(1)).ShouldBe(FetchSession.None);
    }

    [Fact]
    public void Memory_is_bounded_and_comes_back()
    {
        var sessions = new FetchSessions(_time, mostBytes: 100_000);
        var large = sessions.Open(Answers(300));
        large.ShouldNotBe(FetchSession.None);
        sessions.Open(Answers(300)).ShouldBe(FetchSession.None);
        sessions.Open(Answers(10, topic: new string('x', 32_000))).ShouldBe(FetchSession.None);
        Continue(sessions, large, FetchSession.FinalEpoch).ShouldBe(ErrorCode.None);
        sessions.Open(Answers(300)).ShouldNotBe(FetchSession.None);
    }

    [Fact]
    public void Session_that_outgrows_the_memory_ends()
    {
        var sessions = new FetchSessions(_time, mostBytes: 100_000);
        var id = sessions.Open(Answers(1));
        Continue(sessions, id, 1, Answers(1000)).ShouldBe(ErrorCode.FetchSessionIdNotFound);
        Continue(sessions, id, 1).ShouldBe(ErrorCode.FetchSessionIdNotFound);
        sessions.Open(Answers(300)).ShouldNotBe(FetchSession.None);
    }

    [Fact]
    public void Idle_sessions_give_their_memory_to_new_ones()
    {
        var sessions = new FetchSessions(_time, mostBytes: 100_000);
        sessions.Open(Answers(150));
        sessions.Open(Answers(150));
        _time.Advance(Idle);
        sessions.Open(Answers(400)).ShouldNotBe(FetchSession.None);
    }

    private static ErrorCode Continue(FetchSessions sessions, int id, int epoch, List<FetchPartitionResponse>? more = null) => sessions.Continue(
        new FetchRequest(TimeSpan.Zero, 1, 1, id, epoch, [.. (more ?? []).Select(a => a.Position)], []), out _, out _);

    private static List<FetchPartitionResponse> Answers(int partitions, string topic = "ticks") =>
    [
        .. Enumerable.Range(0, partitions)
            .Select(p => new FetchPartitionResponse(new FetchPosition(topic, p, 0, 1), ErrorCode.None, FetchedRecords.Empty, 0, 0)),
    ];
}
