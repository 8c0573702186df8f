namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Decides how long a writer collects rows for its next transaction. A small transaction costs mostly its flush and round trips. After one,
/// all writers pause for its duration, and at least until <see cref="Interval"/> has passed since its start; the rows that arrive meanwhile
/// share the next transaction. Rows never wait for idle writers, nor in a group that is large enough for a transaction.
/// </summary>
internal sealed class CommitPace(TimeProvider time)
{
    /// <summary>The number of rows that cost about as much as their transaction.</summary>
    public const int RowsWorthCommitting = 2_000;

    /// <summary>
    /// On a fast disk small transactions would follow each other every few ms and take a third of a core at 1,000 ticks/s. The median row
    /// waits half of this interval; its budget until the table is 50 ms.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(48);

    /// <summary>
    /// A caller encodes its next rows just before the pause ends, to include all that arrived. This is how much earlier it starts, because
    /// timers are up to 4 ms late.
    /// </summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(6);

    private readonly Lock _gate = new();
    private int _rows = RowsWorthCommitting;
    private bool _isRunning;
    private long _began;
    private long _ended;
    private TimeSpan _took;

    /// <summary>How much longer a group should wait for more rows, limited by a maximum after the last transaction.</summary>
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
