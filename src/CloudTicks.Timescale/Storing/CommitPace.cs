namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Decides how long a writer collects rows for its next transaction. The cost of a small transaction is mostly its flush and its round
/// trips. After a small transaction all writers pause for as long as it took, and at least until <see cref="Interval"/> has passed since
/// its start; the rows that arrive meanwhile share the next transaction. Rows do not wait if the writers were idle, or if there are
/// enough rows for a transaction.
/// </summary>
internal sealed class CommitPace(TimeProvider time)
{
    /// <summary>The number of rows whose writing costs about as much as the transaction itself.</summary>
    public const int RowsWorthCommitting = 2_000;

    /// <summary>
    /// The minimum interval between the starts of small transactions. Without this minimum, transactions on a fast disk would follow each
    /// other every few ms and use a third of a core at 1,000 ticks/s. The median row waits half of this interval; the latency budget of a
    /// row, up to its commit, is 50 ms.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(48);

    /// <summary>
    /// Callers start to encode their next rows this long before the end of a pause. A later start would include more rows, but timers are
    /// up to 4 ms late.
    /// </summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(6);

    private readonly Lock _gate = new();
    private int _rows = RowsWorthCommitting;
    private bool _isRunning;
    private long _startedAt;
    private long _endedAt;
    private TimeSpan _lastDuration;

    /// <summary>Returns how much longer a group of rows should wait for further rows; zero or less if it should not wait.</summary>
    /// <param name="maxPause">The maximum pause after a transaction.</param>
    public TimeSpan Pause(int rows, TimeSpan maxPause)
    {
        lock (_gate)
        {
            if (rows >= RowsWorthCommitting || _rows >= RowsWorthCommitting)
            {
                return TimeSpan.Zero;
            }

            var pause = _lastDuration > Interval / 2 ? _lastDuration : Interval - _lastDuration;
            return (pause < maxPause ? pause : maxPause) - (_isRunning ? TimeSpan.Zero : time.GetElapsedTime(_endedAt));
        }
    }

    public void Begin(int rows)
    {
        lock (_gate)
        {
            (_rows, _startedAt, _isRunning) = (rows, time.GetTimestamp(), true);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _endedAt = time.GetTimestamp();
            (_lastDuration, _isRunning) = (time.GetElapsedTime(_startedAt, _endedAt), false);
        }
    }
}
