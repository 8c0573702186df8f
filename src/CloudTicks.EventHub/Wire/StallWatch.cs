using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Wire;

/// <summary>Ends a transfer that does not move, soon where its memory keeps others waiting.</summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly TimeSpan _longest;
    private readonly ByteBudget? _memory;
    private readonly CancellationTokenSource _stalled = new(); // never disposed of, because the timer may ring at the end
    private readonly CancellationTokenSource _either;
    private readonly ITimer _timer;
    private long _movedAt;

    /// <param name="longest">A transfer that does not move for this long is ended in any case.</param>
    /// <param name="memory">What its bytes were taken from; null when they are not counted.</param>
    /// <param name="ends">Each of them ends it as well.</param>
    public StallWatch(TimeProvider time, TimeSpan longest, ByteBudget? memory, params ReadOnlySpan<CancellationToken> ends)
    {
        (_time, _longest, _memory, _movedAt) = (time, longest, memory, time.GetTimestamp());
        _either = CancellationTokenSource.CreateLinkedTokenSource([.. ends, _stalled.Token]);
        var patience = longest < ShortPatience ? longest : ShortPatience;
        _timer = time.CreateTimer(static watch => ((StallWatch)watch!).Look(), this, patience, patience);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>True when the transfer was ended because it did not move.</summary>
    public bool HasStalled => _stalled.IsCancellationRequested;

    public void Moved() => Volatile.Write(ref _movedAt, _time.GetTimestamp());

    public void Dispose()
    {
        _timer.Dispose();
        _either.Dispose();
    }

    private void Look()
    {
        var still = _time.GetElapsedTime(Volatile.Read(ref _movedAt));
        if (still >= _longest || (still >= ShortPatience && _memory?.IsContended == true))
        {
            _stalled.Cancel();
        }
    }
}
