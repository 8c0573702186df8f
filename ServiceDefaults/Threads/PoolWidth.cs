namespace ServiceDefaults.Threads;

/// <summary>
/// How many threads of the pool work at the same time. A thread that takes a piece of work wakes another one first, in case there is more;
/// between two ticks there is none, and the second thread was half of what a service did at low rates. So a process that uses little
/// keeps one thread. It has as many as processors while it uses more, and for a while after its one thread was held up, as by a slow
/// disk: then others must take its place.
/// </summary>
/// <param name="processors">The width of a busy process.</param>
internal sealed class PoolWidth(int processors)
{
    /// <summary>With more of a processor, one thread might not keep up with the next moment.</summary>
    private const double BusyShare = 0.4;

    /// <summary>Below the other bound: a process between the two keeps what it has.</summary>
    private const double IdleShare = 0.3;

    private static readonly TimeSpan AfterHoldUp = TimeSpan.FromSeconds(10);

    private TimeSpan _wideUntil;
    private bool _isNarrow;

    /// <summary>The threads that may work at the same time; a process begins wide.</summary>
    public int Threads => _isNarrow ? 1 : processors;

    /// <summary>Takes what was measured.</summary>
    /// <param name="now">The time since the start.</param>
    /// <param name="share">What the process used of one processor lately.</param>
    /// <param name="isHeldUp">Work waits, and none was begun lately.</param>
    public void Measured(TimeSpan now, double share, bool isHeldUp)
    {
        if (isHeldUp)
        {
            _wideUntil = now + AfterHoldUp;
        }

        if (share > BusyShare || now < _wideUntil)
        {
            _isNarrow = false;
        }
        else if (share < IdleShare)
        {
            _isNarrow = true;
        }
    }
}
