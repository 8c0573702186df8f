namespace CloudTicks.Polygon.Sessions;

/// <summary>Detects a dead peer: no data and no pong, counted in our timer's steps while we wait, without our own pauses.</summary>
internal sealed class LifeWatch : IAsyncDisposable
{
    private const int Steps = 10;

    private readonly Action _dead;
    private readonly ITimer _timer;
    private int _quiet;
    private volatile bool _alive;
    private volatile bool _waits;

    /// <summary>Begins to watch.</summary>
    /// <param name="patience">How long a peer may give no sign of life.</param>
    public LifeWatch(TimeSpan patience, TimeProvider time, Action dead)
    {
        _dead = dead;
        _timer = time.CreateTimer(_ => Look(), null, patience / Steps, patience / Steps);
    }

    /// <summary>Bytes have come, whatever they are.</summary>
    public void OnBytes() => _alive = true;

    public void Waiting() => _waits = true;

    public void Received() => (_waits, _alive) = (false, true);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        if (_alive || !_waits)
        {
            (_alive, _quiet) = (false, 0);
        }
        else if (++_quiet == Steps)
        {
            _dead();
        }
    }
}
