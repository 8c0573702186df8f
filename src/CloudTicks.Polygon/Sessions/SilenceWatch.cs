namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Notices that a feed that was busy has fallen silent although its socket stands: the machine at the other end hangs, or the network lost
/// the connection without a word. Silence counts only while we wait for a message, and in steps of our own timer, so that neither a full
/// queue nor a pause of this process is taken for it. A feed that was never busy, such as that of a closed market, is never silent.
/// </summary>
internal sealed class SilenceWatch : IAsyncDisposable
{
    /// <summary>Steps without a message that make a silence, at least.</summary>
    private const int Steps = 10;

    /// <summary>Messages that must be missing, by what came before.</summary>
    private const double Missing = 20;

    /// <summary>Steps with messages before the feed counts as busy.</summary>
    private const int BusySteps = 5;

    private readonly Action<TimeSpan> _silent;
    private readonly TimeSpan _step;
    private readonly ITimer _timer;
    private int _messages;
    private int _quiet;
    private int _busy;
    private double _perStep;
    private volatile bool _waits;

    /// <summary>Begins to watch.</summary>
    /// <param name="silence">The least silence that counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="silent">Told once, with how long it has been silent.</param>
    public SilenceWatch(TimeSpan silence, TimeProvider time, Action<TimeSpan> silent)
    {
        (_silent, _step) = (silent, silence / Steps);
        _timer = time.CreateTimer(_ => Look(), null, _step, _step);
    }

    /// <summary>We wait for the next message.</summary>
    public void Waiting() => _waits = true;

    /// <summary>A message has come.</summary>
    public void Received()
    {
        _waits = false;
        Interlocked.Increment(ref _messages);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        var messages = Interlocked.Exchange(ref _messages, 0);
        if (messages > 0)
        {
            _perStep += ((messages / (1.0 + _quiet)) - _perStep) / Math.Min(++_busy, Steps);
            _quiet = 0;
        }
        else if (!_waits)
        {
            _quiet = 0;
        }
        else if (++_quiet >= Steps && _busy >= BusySteps && _quiet * _perStep >= Missing)
        {
            _busy = 0;
            _silent(_quiet * _step);
        }
    }
}
