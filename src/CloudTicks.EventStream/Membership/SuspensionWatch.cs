namespace CloudTicks.EventStream.Membership;

/// <summary>Detects a pause of the process that is long enough to lose its partitions, by regular beats. For use by one thread.</summary>
internal sealed class SuspensionWatch(TimeProvider clock, TimeSpan limit)
{
    private long _last = clock.GetTimestamp();

    /// <summary>Records that this thread runs.</summary>
    /// <returns>The length of the pause before this call when it exceeds the limit; else null.</returns>
    public TimeSpan? Beat()
    {
        var now = clock.GetTimestamp();
        var pause = clock.GetElapsedTime(_last, now);
        _last = now;
        return pause > limit ? pause : null;
    }
}
