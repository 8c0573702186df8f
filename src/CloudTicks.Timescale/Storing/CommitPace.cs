namespace CloudTicks.Timescale.Storing;

/// <summary>
/// How long one writer lets the next transaction gather. A transaction of few rows costs mostly its flush and its round trips, whatever it
/// holds: after such a one all writers pause for as long as it took, and until <see cref="Interval"/> has passed since it began, and the
/// rows that come meanwhile share the next. A row that meets idle writers never waits, and neither does a group that is worth a
/// transaction.
/// </summary>
internal sealed class CommitPace(TimeProvider time)
{
    /// <summary>Rows that cost about as much as the transaction around them.</summary>
    public const int RowsWorthCommitting = 2_000;

    /// <summary>
    /// On a fast disk small transactions would follow each other every few milliseconds and take a third of a core at 1,000 ticks/s. Half
    /// of this is what the median row waits, of the 50 ms that it may take to the table.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(48);

    /// <summary>
    /// A caller that puts its next rows together only when the pause ends has all that came meanwhile; rows that it hands over before
    /// would wait for the whole pause, and those behind them for another one. It begins so much earlier, to be in time for the
    /// transaction: timers are late by up to 4 ms.
    /// </summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(6);

    private readonly Lock _gate = new();
    private int _rows = RowsWorthCommitting;
    private bool _isRunning;
    private long _began;
    private long _ended;
    private TimeSpan _took;

    /// <summary>How much longer a group of so many rows should wait for company, at most so long behind the last transaction.</summary>
    public TimeSpan Pause(int rows, TimeSpan atMost)
    {
        lock (_gate)
        {
            if (rows >= RowsWorthCommitting || _rows >= RowsWorthCommitting)
            {
                return TimeSpan.Zero;
            }

            var pause = _took > Interval / 2 ? _took : Interval - _took;
            return (pause < atMost ? pause : atMost) - (_isRunning ? TimeSpan.Zero : time.GetElapsedTime(_ended));
        }
    }

    public void Begin(int rows)
    {
        lock (_gate)
        {
            (_rows, _began, _isRunning) = (rows, time.GetTimestamp(), true);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _ended = time.GetTimestamp();
            (_took, _isRunning) = (time.GetElapsedTime(_began, _ended), false);
        }
    }
}
