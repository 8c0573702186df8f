namespace CloudTicks.EventStream.Pacing;

/// <summary>
/// How long a tick waits for company, where records are metered: 2 ms while fewer go than may, and as much longer as it takes when more
/// would. Records are paid from a store that fills at the rate that may be sent and holds a quarter of a second of it, so that no second
/// has more than five quarters of the rate; the wait grows as the store empties. Used by one loop; not thread-safe.
/// </summary>
public sealed class AdaptiveLinger
{
    /// <summary>The shortest wait.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private const double StoreSeconds = 0.25;

    private readonly double _rate;
    private readonly double _store;
    private readonly double _enough;
    private readonly TimeProvider _time;
    private double _left;
    private long _at;

    /// <summary>Begins with a full store.</summary>
    /// <param name="partitions">The partitions; each has a record of its own under way.</param>
    public AdaptiveLinger(double recordsPerSecond, int partitions, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(recordsPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        (_rate, _store, _time) = (recordsPerSecond, recordsPerSecond * StoreSeconds, time);
        (_left, _at) = (_store, time.GetTimestamp());
        // With this wait all partitions together send no more than the rate.
        _enough = Math.Clamp(partitions / recordsPerSecond * 1_000, Shortest.TotalMilliseconds, Longest.TotalMilliseconds);
    }

    /// <summary>The wait of now.</summary>
    /// <param name="now">A timestamp of the clock, not before the last.</param>
    public TimeSpan At(long now)
    {
        _left = Math.Min(_store, _left + (_rate * _time.GetElapsedTime(_at, now).TotalSeconds));
        _at = now;
        var full = _left / _store;
        var wait = full >= 0.5 ? Shortest.TotalMilliseconds
            : full >= 0 ? Between(Shortest.TotalMilliseconds, _enough, 1 - (2 * full))
            : Between(_enough, Longest.TotalMilliseconds, -full);
        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>A record was sent. One that is full goes whatever the store holds; the debt is a quarter of a second at most.</summary>
    public void Sent() => _left = Math.Max(-_store, _left - 1);

    private static double Between(double from, double to, double part) => from + ((to - from) * part);
}
