namespace CloudTicks.EventStream.Membership;

/// <summary>Detects pauses of the process in which it may lose its partitions. One thread calls <see cref="Beat"/> regularly.</summary>
internal sealed class SuspensionWatch(TimeProvider clock, TimeSpan limit)
{
    private long _lastBeatAt = clock.GetTimestamp();

    /// <summary>Notes that this thread is running.</summary>
    /// <returns>The length of the pause before this call when it exceeds the limit; else null.</returns>
    public TimeSpan? Beat()
    {
        var now = clock.GetTimestamp();
        var pause = clock.GetElapsedTime(_lastBeatAt, now);
        _lastBeatAt = now;
        return pause > limit ? pause : null;
    }
}
