namespace CloudTicks.Functions.Hosting.Tests.Timers;

/// <summary>A clock that a test advances, or sets to another time. Its timers fire only when the test advances it.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Wait> _waits = [];
    private TaskCompletionSource _waitAdded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = start;
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _elapsed.Ticks;

    /// <summary>Completes when a timer waits for the clock.</summary>
    public Task WaitedForAsync()
    {
        lock (_lock)
        {
            return (_waits.Count > 0 ? Task.CompletedTask : _waitAdded.Task)
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Sets the clock without letting time pass.</summary>
    public void Set(DateTimeOffset now) => _now = now;

    /// <summary>Lets time pass in one step.</summary>
    public void Advance(TimeSpan time)
    {
        List<Wait> over;
        lock (_lock)
        {
            (_now, _elapsed) = (_now + time, _elapsed + time);
            over = [.. _waits.Where(wait => wait.At <= _elapsed)];
            _waits.RemoveAll(over.Contains);
            _waitAdded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        over.ForEach(wait => wait.Call());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            var wait = new Wait(this, _elapsed + dueTime, () => callback(state));
            _waits.Add(wait);
            _waitAdded.TrySetResult();
            return wait;
        }
    }

    private sealed class Wait(ManualTime time, TimeSpan at, Action call) : ITimer
    {
        public TimeSpan At => at;

        public void Call() => call();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("No test needs it.");

        public void Dispose()
        {
            lock (time._lock)
            {
                time._waits.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
