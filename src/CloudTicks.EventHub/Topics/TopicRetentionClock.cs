namespace CloudTicks.EventHub.Topics;

/// <summary>
/// The clock that retention uses. When the wall clock is set forward, its new time is not trusted for a day, because records that expire
/// too early cannot be restored. When the wall clock is set back, its new time applies at once, which only keeps records longer. The time
/// at startup is trusted.
/// </summary>
internal sealed class TopicRetentionClock
{
    private static readonly TimeSpan TrustDelay = TimeSpan.FromDays(1);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _onSetForward;
    private DateTimeOffset _trustedTime;
    private long _readAt;
    private TimeSpan _ahead;
    private long _aheadSince;

    public TopicRetentionClock(TimeProvider time, Action<TimeSpan> onSetForward)
    {
        (_time, _onSetForward) = (time, onSetForward);
        _trustedTime = time.GetUtcNow();
        _readAt = time.GetTimestamp();
    }

    /// <summary>The trusted time. Not thread-safe.</summary>
    public DateTimeOffset Now()
    {
        var now = _time.GetTimestamp();
        var clockTime = _time.GetUtcNow();
        _trustedTime += _time.GetElapsedTime(_readAt, now);
        _readAt = now;
        var ahead = clockTime - _trustedTime;
        if (ahead <= TimeSpan.Zero)
        {
            _trustedTime = clockTime;
            _ahead = TimeSpan.Zero;
        }
        else if ((ahead - _ahead).Duration() > Tolerance)
        {
            (_ahead, _aheadSince) = (ahead, now);
            _onSetForward(ahead);
        }
        else if (_ahead > TimeSpan.Zero && _time.GetElapsedTime(_aheadSince, now) >= TrustDelay)
        {
            _trustedTime = clockTime;
            _ahead = TimeSpan.Zero;
        }

        return _trustedTime;
    }
}
