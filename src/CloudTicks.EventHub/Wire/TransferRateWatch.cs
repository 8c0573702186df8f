namespace CloudTicks.EventHub.Wire;

/// <summary>Detects a transfer that moves fewer bytes per time window than a minimum.</summary>
internal sealed class TransferRateWatch : IDisposable
{
    private const int ChecksPerWindow = 4;

    private readonly TimeProvider _time;
    private readonly TimeSpan _window;
    private readonly long _minBytes;
    private readonly Action<TransferRateWatch> _onTooSlow;
    private readonly ITimer _timer;
    private readonly long _startedAt;
    private long _movedBytes;
    private long _windowStartBytes;
    private long _windowStartedAt;
    private bool _isPaused;

    /// <param name="time">The clock.</param>
    /// <param name="window">The time window.</param>
    /// <param name="minBytes">Minimum bytes per window.</param>
    /// <param name="onTooSlow">Called when the transfer is too slow; possibly several times.</param>
    public TransferRateWatch(TimeProvider time, TimeSpan window, long minBytes, Action<TransferRateWatch> onTooSlow)
    {
        (_time, _window, _minBytes, _onTooSlow) = (time, window, minBytes, onTooSlow);
        _startedAt = _windowStartedAt = time.GetTimestamp();
        var interval = window / ChecksPerWindow;
        _timer = time.CreateTimer(static watch => ((TransferRateWatch)watch!).Check(), this, interval, interval);
    }

    public double BytesPerSecond => Volatile.Read(ref _movedBytes) / Math.Max(_time.GetElapsedTime(_startedAt).TotalSeconds, 0.001);

    public void AddBytes(long bytes) => Interlocked.Add(ref _movedBytes, bytes);

    /// <summary>Pauses the watch while the event hub itself delays the transfer.</summary>
    public void SetPaused(bool isPaused) => Volatile.Write(ref _isPaused, isPaused);

    public void Dispose() => _timer.Dispose();

    internal void Check()
    {
        var movedBytes = Volatile.Read(ref _movedBytes);
        if (Volatile.Read(ref _isPaused) || movedBytes - _windowStartBytes >= _minBytes)
        {
            (_windowStartBytes, _windowStartedAt) = (movedBytes, _time.GetTimestamp());
        }
        else if (_time.GetElapsedTime(_windowStartedAt) >= _window)
        {
            _onTooSlow(this);
        }
    }
}
