namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Detects a dead peer, which sends neither data nor a pong. Silence is measured in timer steps while the reader waits for data, so that
/// pauses of this process do not count.
/// </summary>
internal sealed class LivenessWatch : IAsyncDisposable
{
    private const int StepCount = 10;

    private readonly Action _onDead;
    private readonly ITimer _timer;
    private int _silentSteps;
    private volatile bool _isAlive;
    private volatile bool _isWaiting;

    /// <summary>Starts watching.</summary>
    /// <param name="timeout">How long a peer may be silent.</param>
    public LivenessWatch(TimeSpan timeout, TimeProvider time, Action onDead)
    {
        _onDead = onDead;
        _timer = time.CreateTimer(_ => Check(), null, timeout / StepCount, timeout / StepCount);
    }

    /// <summary>Records that bytes of any kind arrived.</summary>
    public void OnBytes() => _isAlive = true;

    public void BeginWait() => _isWaiting = true;

    public void EndWait() => (_isWaiting, _isAlive) = (false, true);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Check()
    {
        if (_isAlive || !_isWaiting)
        {
            (_isAlive, _silentSteps) = (false, 0);
        }
        else if (++_silentSteps == StepCount)
        {
            _onDead();
        }
    }
}
