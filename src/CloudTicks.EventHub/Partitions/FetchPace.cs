namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// When a connection's next fetch may be answered. An answer costs two wake-ups here and a few at the client, however little is in it, so
/// a stream that is appended to all the time is answered every 4 ms on average, with what has gathered by then. Up to four answers may
/// leave sooner than that: what comes after a pause, or now and then, never waits. Nor does an answer that has plenty.
/// </summary>
internal sealed class FetchPace(TimeProvider time)
{
    /// <summary>With this many bytes the records themselves are what an answer costs.</summary>
    public const int Plenty = 64 * 1024;

    private const int AheadOfTime = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(4);

    private readonly long _interval = Math.Max(1, (long)(Interval.TotalSeconds * time.TimestampFrequency));
    private long? _paidUntil;

    /// <summary>The timestamp from which an answer may leave.</summary>
    public long NextAnswer => _paidUntil is { } paid ? paid - ((AheadOfTime - 1) * _interval) : long.MinValue;

    /// <summary>An answer with records leaves.</summary>
    public void Answered()
    {
        var now = time.GetTimestamp();
        _paidUntil = Math.Max(_paidUntil ?? now, now) + _interval;
    }
}
