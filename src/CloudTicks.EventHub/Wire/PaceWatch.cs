namespace CloudTicks.EventHub.Wire;

/// <summary>Ends a transfer that moves too little: less than so many bytes in a time.</summary>
internal sealed class PaceWatch : IDisposable
{
    private const int ChecksOfAWindow = 4;

    private readonly TimeProvider _time;
    private readonly TimeSpan _window;
    private readonly long _leastBytes;
    private readonly Action<PaceWatch> _tooSlow;
    private readonly ITimer _timer;
    private readonly long _startedAt;
    private long _moved;
    private long _movedBefore;
    private long _windowBegan;
    private bool _isPaused;

    /// <param name="time">The clock.</param>
    /// <param name="window">The time in which so much must move.</param>
    /// <param name="leastBytes">How much.</param>
    /// <param name="tooSlow">Called when it does not, perhaps more than once.</param>
    public PaceWatch(TimeProvider time, TimeSpan window, long leastBytes, Action<PaceWatch> tooSlow)
    {
        (_time, _window, _leastBytes, _tooSlow) = (time, window, leastBytes, tooSlow);
        _startedAt = _windowBegan = time.GetTimestamp();
        var interval = window / ChecksOfAWindow;
        _timer = time.CreateTimer(static watch => ((PaceWatch)watch!).Check(), this, interval, interval);
    }

    public double BytesPerSecond => Volatile.Read(ref _moved) / Math.Max(_time.GetElapsedTime(_startedAt).TotalSeconds, 0.001);

    public void Moved(long bytes) => Interlocked.Add(ref _moved, bytes);

    /// <summary>While the hub itself does not let it move, nothing is expected.</summary>
    public void Pause(bool isPaused) => Volatile.Write(ref _isPaused, isPaused);

    public void Dispose() => _timer.Dispose();

    internal void Check()
    {
        var moved = Volatile.Read(ref _moved);
        if (Volatile.Read(ref _isPaused) || moved - _movedBefore >= _leastBytes)
        {
            (_movedBefore, _windowBegan) = (moved, _time.GetTimestamp());
        }
        else if (_time.GetElapsedTime(_windowBegan) >= _window)
        {
            _tooSlow(this);
        }
    }
}
