namespace CloudTicks.EventStream.Membership;

/// <summary>
/// Notices that this process stood still: it was stopped, or the machine slept. Whoever beats regularly is told by the beat after a pause
/// in which the group may have given its partitions to others. One thread uses it.
/// </summary>
/// <param name="clock">Goes on while the machine sleeps.</param>
/// <param name="limit">The longest pause that is harmless.</param>
internal sealed class SuspensionWatch(TimeProvider clock, TimeSpan limit)
{
    private long _last = clock.GetTimestamp();

    /// <summary>Says that this thread runs.</summary>
    /// <returns>How long it stood still before, when that was too long; null otherwise.</returns>
    public TimeSpan? Beat()
    {
        var now = clock.GetTimestamp();
        var pause = clock.GetElapsedTime(_last, now);
        _last = now;
        return pause > limit ? pause : null;
    }
}
