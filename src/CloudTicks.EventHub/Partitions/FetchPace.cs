namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// Determines when the next fetch of a connection may get its response. A response costs two wake-ups in the event hub and a few at the
/// client, regardless of its size. A busy connection therefore gets small responses at most every 4 ms on average. Bursts of up to four
/// are allowed: records after a pause are never delayed, nor is a large response.
/// </summary>
internal sealed class FetchPace(TimeProvider time)
{
    /// <summary>Minimum size in bytes of a large response, whose records cost more than its wake-ups.</summary>
    public const int MinLargeResponseBytes = 64 * 1024;

    private const int MaxBurst = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(4);

    private readonly long _interval = Math.Max(1, (long)(Interval.TotalSeconds * time.TimestampFrequency));
    private long? _rateUsedUntil;

    /// <summary>The earliest timestamp at which a response may be sent, unless the response is large.</summary>
    public long NextResponseAt => _rateUsedUntil is { } usedUntil ? usedUntil - ((MaxBurst - 1) * _interval) : long.MinValue;

    /// <summary>Counts a response with records.</summary>
    public void ResponseSent()
    {
        var now = time.GetTimestamp();
        _rateUsedUntil = Math.Max(_rateUsedUntil ?? now, now) + _interval;
    }
}
