using CloudTicks.TestServices;

namespace CloudTicks.Foundations.Tests;

public sealed class WakeSignalTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestTime _time = new();
    private readonly WakeSignal _signal = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signal_ends_the_wait()
    {
        var waiting = _signal.WaitAsync(Cancellation).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        _signal.Set();

        await waiting;
    }

    [Fact]
    public async Task Signals_between_two_waits_wake_the_next_wait_once()
    {
        _signal.Set();
        _signal.Set();

        await _signal.WaitAsync(Cancellation);

        var second = _signal.WaitAsync(Cancellation).AsTask();
        second.IsCompleted.ShouldBeFalse();
        _signal.Set();
        await second;
    }

    [Fact]
    public async Task Wait_without_a_signal_ends_with_the_time_limit()
    {
        var waiting = _signal.WaitAsync(Second, _time, Cancellation);
        _time.Advance(Second - TimeSpan.FromMilliseconds(1));
        waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await waiting).ShouldBeFalse();
    }

    [Fact]
    public async Task Signal_within_the_time_limit_is_reported()
    {
        var waiting = _signal.WaitAsync(Second, _time, Cancellation);

        _signal.Set();

        (await waiting).ShouldBeTrue();
    }

    [Fact]
    public async Task Expired_wait_does_not_affect_the_next_wait()
    {
        var first = _signal.WaitAsync(Second, _time, Cancellation);
        _signal.Set();
        _time.Advance(Second);
        await first;

        var second = _signal.WaitAsync(Second, _time, Cancellation);
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(Second);
        (await second).ShouldBeFalse();

        var third = _signal.WaitAsync(Cancellation).AsTask();
        third.IsCompleted.ShouldBeFalse();
        _signal.Set();
        await third;
    }

    [Fact]
    public async Task Cancelled_wait_does_not_consume_the_next_signal()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(Second, _time, cancelled.Token);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);

        _signal.Set();

        (await _signal.WaitAsync(Second, _time, Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task Wait_below_a_millisecond_lasts_a_millisecond()
    {
        var waiting = _signal.WaitAsync(TimeSpan.FromTicks(1), _time, Cancellation);
        waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await waiting).ShouldBeFalse();
    }

    [Fact]
    public async Task Concurrent_signals_are_never_lost()
    {
        const int Rounds = 20_000;
        var (sent, seen) = (0, 0);
        var sender = Task.Run(
            () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    Interlocked.Increment(ref sent);
                    _signal.Set();
                }
            },
            Cancellation);

        while (seen < Rounds)
        {
            await _signal.WaitAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancellation);
            seen = Volatile.Read(ref sent);
        }

        await sender;
    }
}
