namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Notices a peer that gives no sign of life: no data, and no pong to our pings. It counts only while we wait for a message, and in steps
/// of our own timer, so that neither a full queue nor a pause of this process is taken for the peer's.
/// </summary>
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
    /// <param name="dead">Told once.</param>
    public LifeWatch(TimeSpan patience, TimeProvider time, Action dead)
    {
        _dead = dead;
        _timer = time.CreateTimer(_ => Look(), null, patience / Steps, patience / Steps);
    }

    /// <summary>Bytes have come, whatever they are.</summary>
    public void OnBytes() => _alive = true;

    /// <summary>We wait for the next message.</summary>
    public void Waiting() => _waits = true;

    /// <summary>A message has come, and we are busy with it.</summary>
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
