namespace CloudTicks.EventStream.Pacing;

/// <summary>
/// Determines how long a tick waits for other ticks to share its record, because Event Hubs limits the rate of records. The wait is 2 ms
/// while the rate is below the limit, and longer when the rate would exceed the limit. A token bucket fills at the permitted rate and holds
/// the tokens of a quarter of a second, so the records of one second exceed the rate by at most 25 %, apart from full records,
/// which never wait. The wait grows as the bucket empties. Used by one loop; not thread-safe.
/// </summary>
public sealed class AdaptiveLinger
{
    /// <summary>The shortest wait.</summary>
    public static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(2);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    private const double BucketSeconds = 0.25;

    private readonly double _rate;
    private readonly double _capacity;
    private readonly double _sustainableWaitMs;
    private readonly TimeProvider _time;
    private double _tokens;
    private long _updatedAt;

    /// <summary>Starts with a full bucket.</summary>
    /// <param name="partitions">The number of partitions; each has its own record in flight.</param>
    public AdaptiveLinger(double recordsPerSecond, int partitions, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(recordsPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        (_rate, _capacity, _time) = (recordsPerSecond, recordsPerSecond * BucketSeconds, time);
        (_tokens, _updatedAt) = (_capacity, time.GetTimestamp());
        // With this wait all partitions together stay within the rate.
        _sustainableWaitMs = Math.Clamp(partitions / recordsPerSecond * 1_000, MinWait.TotalMilliseconds, MaxWait.TotalMilliseconds);
    }

    /// <summary>Returns the current wait.</summary>
    /// <param name="now">A timestamp of the clock, not earlier than that of the previous call.</param>
    public TimeSpan At(long now)
    {
        _tokens = Math.Min(_capacity, _tokens + (_rate * _time.GetElapsedTime(_updatedAt, now).TotalSeconds));
        _updatedAt = now;
        var fillLevel = _tokens / _capacity;
        var wait = fillLevel >= 0.5 ? MinWait.TotalMilliseconds
            : fillLevel >= 0 ? Interpolate(MinWait.TotalMilliseconds, _sustainableWaitMs, 1 - (2 * fillLevel))
            : Interpolate(_sustainableWaitMs, MaxWait.TotalMilliseconds, -fillLevel);
        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>
    /// Counts a sent record. A full record is sent even from an empty bucket; the debt is at most the tokens of a quarter of a second.
    /// </summary>
    public void Sent() => _tokens = Math.Max(-_capacity, _tokens - 1);

    private static double Interpolate(double from, double to, double fraction) => from + ((to - from) * fraction);
}
