namespace CloudTicks.Timescale.Storing;

/// <summary>
/// How long one writer lets the next transaction gather. A transaction of few rows costs mostly its flush and its round trips, whatever it
/// holds: after such a one the writer pauses for as long as it took, so that at most half of its time goes into them, and the rows that
/// come meanwhile share the next. A row that meets an idle writer never waits, and neither does a group that is worth a transaction.
/// </summary>
internal sealed class CommitPace(TimeProvider time)
{
    /// <summary>Rows that cost about as much as the transaction around them.</summary>
    public const int RowsWorthCommitting = 2_000;

    private int _rows = RowsWorthCommitting;
    private long _began;
    private long _ended;
    private TimeSpan _took;

    /// <summary>How much longer a group of so many rows should wait for company, at most so long behind the last transaction.</summary>
    public TimeSpan Pause(int rows, TimeSpan atMost)
    {
        if (rows >= RowsWorthCommitting || _rows >= RowsWorthCommitting)
        {
            return TimeSpan.Zero;
        }

        return (_took < atMost ? _took : atMost) - time.GetElapsedTime(_ended);
    }

    public void Begin(int rows) => (_rows, _began) = (rows, time.GetTimestamp());

    public void End()
    {
        _ended = time.GetTimestamp();
        _took = time.GetElapsedTime(_began, _ended);
    }
}
