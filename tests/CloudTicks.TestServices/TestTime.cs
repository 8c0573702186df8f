namespace CloudTicks.TestServices;

/// <summary>A clock that only advances when a test moves it. Advancing it fires the timers and delays that become due, in order.</summary>
/// <param name="start">The initial time.</param>
public sealed class TestTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<TestTimer> _timers = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = start;
    private long _elapsed;

    /// <summary>A clock that starts on Wednesday, 2025-01-15 15:00 UTC, when all markets are open.</summary>
    public TestTime()
        : this(new DateTimeOffset(2025, 1, 15, 15, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _elapsed;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the clock; each timer that becomes due fires at its due time.</summary>
    /// <param name="by">The duration.</param>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }

        MoveTo(end);
    }

    /// <summary>Shifts the date and time but not the elapsed time, so that no timer fires.</summary>
    /// <param name="by">The shift, which may be negative.</param>
    public void Shift(TimeSpan by)
    {
        lock (_lock)
        {
            _now += by;
        }
    }

    /// <summary>Waits until a timer exists that is due within a given time, which shows that the tested code is waiting.</summary>
    /// <param name="within">The time, from now.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task UntilTimerAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task armed;
            lock (_lock)
            {
                if (_timers.Exists(timer => timer.Due - _elapsed <= within.Ticks))
                {
                    return;
                }

                armed = _armed.Task;
            }

            await armed.WaitAsync(cancellationToken);
        }
    }

    private TestTimer? NextDue(long end)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is not null)
            {
                MoveTo(next.Due);
            }

            return next;
        }
    }

    private void MoveTo(long elapsed)
    {
        lock (_lock)
        {
            if (elapsed > _elapsed)
            {
                _now += TimeSpan.FromTicks(elapsed - _elapsed);
                _elapsed = elapsed;
            }
        }
    }

    private sealed class TestTimer(TestTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            TaskCompletionSource armed;
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                Due = time._elapsed + dueTime.Ticks;
                time._timers.Add(this);
                (armed, time._armed) = (time._armed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            armed.SetResult();
            return true;
        }

        public void Fire()
        {
            lock (time._lock)
            {
                // Another thread may have disposed of the timer or postponed it meanwhile.
                if (Due > time._elapsed || !time._timers.Remove(this))
                {
                    return;
                }

                if (_period > TimeSpan.Zero)
                {
                    Due += _period.Ticks;
                    time._timers.Add(this);
                }
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
