namespace CloudTicks.EventHub.Topics;

/// <summary>
/// The time by which records expire. A clock that is set forward is not followed: that would delete records too early, and they do not come
/// back when it is set right. It is believed only when it has kept so for a day. A clock that is set back is followed at once, which only
/// keeps records longer. What the clock says at the start is taken as it is.
/// </summary>
internal sealed class TopicRetentionClock
{
    private static readonly TimeSpan Probation = TimeSpan.FromDays(1);
    private static readonly TimeSpan Unsteady = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _onSetForward;
    private DateTimeOffset _trusted;
    private long _readAt;
    private TimeSpan _ahead;
    private long _aheadSince;

    public TopicRetentionClock(TimeProvider time, Action<TimeSpan> onSetForward)
    {
        (_time, _onSetForward) = (time, onSetForward);
        _trusted = time.GetUtcNow();
        _readAt = time.GetTimestamp();
    }

    /// <summary>The time that is trusted; read by one caller at a time.</summary>
    public DateTimeOffset Now()
    {
        var now = _time.GetTimestamp();
        var clock = _time.GetUtcNow();
        _trusted += _time.GetElapsedTime(_readAt, now);
        _readAt = now;
        var ahead = clock - _trusted;
        if (ahead <= TimeSpan.Zero)
        {
            _trusted = clock;
            _ahead = TimeSpan.Zero;
        }
        else if ((ahead - _ahead).Duration() > Unsteady)
        {
            (_ahead, _aheadSince) = (ahead, now);
            _onSetForward(ahead);
        }
        else if (_ahead > TimeSpan.Zero && _time.GetElapsedTime(_aheadSince, now) >= Probation)
        {
            _trusted = clock;
            _ahead = TimeSpan.Zero;
        }

        return _trusted;
    }
}
