namespace CloudTicks.EventStream.Membership;

/// <summary>Detects, by regular beats, a pause of the process long enough to lose its partitions. One thread uses it.</summary>
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
