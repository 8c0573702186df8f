namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Decides how long a writer collects rows for its next transaction. The cost of a small transaction is mostly its flush and its round
/// trips. After a small transaction all writers pause for as long as it took, and at least until <see cref="Interval"/> has passed since
/// its start; the rows that arrive meanwhile share the next transaction. Rows never wait for idle writers, nor in a group that is large
/// enough for a transaction.
/// </summary>
internal sealed class CommitPace(TimeProvider time)
{
    /// <summary>The number of rows whose writing costs about as much as the transaction itself.</summary>
    public const int RowsWorthCommitting = 2_000;

    /// <summary>
    /// The minimum interval between the starts of small transactions. Without it, on a fast disk, they would follow each other every few ms
    /// and use a third of a core at 1,000 ticks/s. The median row waits half of this interval; the latency budget of a row, up to its
    /// commit, is 50 ms.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(48);

    /// <summary>
    /// How long before the end of a pause a caller starts to encode its next rows. A later start would
    /// include more rows, but timers are up to 4 ms late.
    /// </summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(6);

    private readonly Lock _gate = new();
    private int _rows = RowsWorthCommitting;
    private bool _isRunning;
    private long _startedAt;
    private long _endedAt;
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
            return (pause < atMost ? pause : atMost) - (_isRunning ? TimeSpan.Zero : time.GetElapsedTime(_endedAt));
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
            (_took, _isRunning) = (time.GetElapsedTime(_startedAt, _endedAt), false);
        }
    }
}
