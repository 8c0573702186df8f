using CloudTicks.EventHub.Partitions;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Partitions;

public class FetchWaiterTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);
    private readonly TestTime _time = new();

    [Fact]
    public async Task Append_after_pause_is_sent_immediately()
    {
        using var waiter = new FetchWaiter(new FetchPace(_time).NextResponseAt, LongWait, _time);
        var waiting = Wait(waiter);
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Busy_stream_gathers_for_interval()
    {
        using var waiter = new FetchWaiter(BusyPace().NextResponseAt, LongWait, _time);
        var waiting = Wait(waiter);
        waiter.Appended(1);
        _time.Advance(Interval / 2);
        waiter.Appended(1);
        waiting.IsCompleted.ShouldBeFalse();
        _time.Advance(Interval / 2);
        await waiting;
    }

    [Fact]
    public async Task First_append_after_interval_is_sent_immediately()
    {
        using var waiter = new FetchWaiter(BusyPace().NextResponseAt, LongWait, _time);
        var waiting = Wait(waiter);
        _time.Advance(Interval);
        waiting.IsCompleted.ShouldBeFalse();
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Large_response_does_not_wait()
    {
        using var waiter = new FetchWaiter(BusyPace().NextResponseAt, LongWait, _time);
        var waiting = Wait(waiter);
        waiter.Appended(FetchPace.MinLargeResponseBytes - 1);
        waiting.IsCompleted.ShouldBeFalse();
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Min_bytes_extend_the_wait()
    {
        using var waiter = new FetchWaiter(BusyPace().NextResponseAt, LongWait, _time);
        var waiting = Wait(waiter, wanted: 10);
        waiter.Appended(9);
        _time.Advance(2 * Interval);
        waiting.IsCompleted.ShouldBeFalse();
        waiter.Appended(1);
        await waiting;
    }

    [Fact]
    public async Task Wait_ends_at_max_wait_of_client()
    {
        using var waiter = new FetchWaiter(BusyPace().NextResponseAt, Interval / 2, _time);
        var waiting = Wait(waiter);
        waiter.Appended(1);
        waiting.IsCompleted.ShouldBeFalse();
        _time.Advance(Interval / 2);
        await waiting;
    }

    [Fact]
    public async Task Append_before_the_wait_is_counted()
    {
        using var waiter = new FetchWaiter(long.MinValue, LongWait, _time);
        waiter.Appended(10);
        await Wait(waiter, wanted: 10);
    }

    [Fact]
    public void Pace_allows_burst_after_pause()
    {
        var pace = BusyPace();
        _time.GetTimestamp().ShouldBeLessThan(pace.NextResponseAt);
        _time.Advance(Interval);
        _time.GetTimestamp().ShouldBe(pace.NextResponseAt);
        pace.ResponseSent();
        _time.GetTimestamp().ShouldBeLessThan(pace.NextResponseAt);
        _time.Advance(LongWait);
        pace.ResponseSent();
        pace.ResponseSent();
        _time.GetTimestamp().ShouldBeGreaterThanOrEqualTo(pace.NextResponseAt);
    }

    private FetchPace BusyPace()
    {
        var pace = new FetchPace(_time);
        while (_time.GetTimestamp() >= pace.NextResponseAt)
        {
            pace.ResponseSent();
        }

        return pace;
    }

    private static Task Wait(FetchWaiter waiter, long wanted = 1) =>
        waiter.WaitAsync(wanted, FetchPace.MinLargeResponseBytes, TestContext.Current.CancellationToken);
}
