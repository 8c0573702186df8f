using CloudTicks.EventHub.Partitions;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Partitions;

public class FetchWaiterTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly TestTime _time = new();

    [Fact]
    public async Task Append_after_a_pause_is_answered_at_once()
    {
        using var waiter = new FetchWaiter(new FetchPace(_time).NextAnswer, Long, _time);
        var waiting = Wait(waiter);
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Busy_stream_gathers_for_a_moment()
    {
        using var waiter = new FetchWaiter(Busy().NextAnswer, Long, _time);
        var waiting = Wait(waiter);
        waiter.Appended(1);
        _time.Advance(Moment / 2);
        waiter.Appended(1);
        waiting.IsCompleted.ShouldBeFalse();
        _time.Advance(Moment / 2);
        await waiting;
    }

    [Fact]
    public async Task First_append_after_the_moment_is_answered_at_once()
    {
        using var waiter = new FetchWaiter(Busy().NextAnswer, Long, _time);
        var waiting = Wait(waiter);
        _time.Advance(Moment);
        waiting.IsCompleted.ShouldBeFalse();
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Plenty_does_not_wait_for_the_moment()
    {
        using var waiter = new FetchWaiter(Busy().NextAnswer, Long, _time);
        var waiting = Wait(waiter);
        waiter.Appended(FetchPace.Plenty - 1);
        waiting.IsCompleted.ShouldBeFalse();
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Least_bytes_are_waited_for_beyond_the_moment()
    {
        using var waiter = new FetchWaiter(Busy().NextAnswer, Long, _time);
        var waiting = Wait(waiter, wanted: 10);
        waiter.Appended(9);
        _time.Advance(2 * Moment);
        waiting.IsCompleted.ShouldBeFalse();
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Client_waits_no_longer_than_it_says()
    {
        using var waiter = new FetchWaiter(Busy().NextAnswer, Moment / 2, _time);
        var waiting = Wait(waiter);
        waiter.Appended(1);
        waiting.IsCompleted.ShouldBeFalse();
        _time.Advance(Moment / 2);
        await waiting;
    }

    [Fact]
    public async Task Appends_before_the_wait_begins_count()
    {
        using var waiter = new FetchWaiter(long.MinValue, Long, _time);
        waiter.Appended(10);
        await Wait(waiter, wanted: 10);
    }

    [Fact]
    public void Pace_allows_a_few_answers_at_once_after_a_pause()
    {
        var pace = Busy();
        _time.GetTimestamp().ShouldBeLessThan(pace.NextAnswer);
        _time.Advance(Moment);
        _time.GetTimestamp().ShouldBe(pace.NextAnswer);
        pace.Answered();
        _time.GetTimestamp().ShouldBeLessThan(pace.NextAnswer);
        _time.Advance(Long);
        pace.Answered();
        pace.Answered();
        _time.GetTimestamp().ShouldBeGreaterThanOrEqualTo(pace.NextAnswer);
    }

    private FetchPace Busy()
    {
        var pace = new FetchPace(_time);
        while (_time.GetTimestamp() >= pace.NextAnswer)
        {
            pace.Answered();
        }

        return pace;
    }

    private static Task Wait(FetchWaiter waiter, long wanted = 1) =>
        waiter.WaitAsync(wanted, FetchPace.Plenty, TestContext.Current.CancellationToken);
}
