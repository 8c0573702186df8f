using CloudTicks.Collection.Counters;

namespace CloudTicks.Collection.Liveness;

internal enum Doubt
{
    /// <summary>Nothing: it ticks, or may well be quiet.</summary>
    None,

    /// <summary>Its connection was begun anew; its ticks should come now.</summary>
    Reconnected,

    Reported,
}

/// <summary>One watched channel: stale after 10 s, ten times its mean pause and twice its longest, as ticks come in bursts.</summary>
internal sealed class QuietChannel
{
    private const double UsualPauses = 10;
    private const double LongestPauses = 2;

    /// <summary>Fewer pauses, or a shorter time, say nothing about what is usual.</summary>
    private const int EnoughPauses = 10;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause is half forgotten after this.</summary>
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(15);

    private long _knownSinceMs;
    private long _lastMs;
    private double _longestMs;
    private long _longestAtMs;

    public Doubt Doubt { get; set; }

    /// <summary>When its connection was begun anew, Unix ms, UTC.</summary>
    public long ReconnectedAtMs { get; set; }

    /// <summary>Since when its ticks are missing, as far as is known, Unix ms, UTC.</summary>
    public long MissingSinceMs { get; set; }

    /// <param name="sinceMs">Since when quiet counts: the subscription, the session of the market, our own last pause.</param>
    public bool Look(KindActivity activity, long sinceMs, long nowMs)
    {
        var last = activity.LastReceivedMs ?? 0;
        if (last == _lastMs)
        {
            return false;
        }

        _knownSinceMs = _knownSinceMs == 0 ? nowMs : _knownSinceMs;
        // After an alarm the pause is learnt from as well: the session is new, and the same pause must not alarm again.
        var pause = _lastMs >= sinceMs || Doubt != Doubt.None ? last - _lastMs : 0;
        var remembered = _longestMs * Math.Pow(0.5, (nowMs - _longestAtMs) / HalfLife.TotalMilliseconds);
        (_longestMs, _longestAtMs, _lastMs) = (Math.Max(remembered, pause), nowMs, last);
        return true;
    }

    /// <summary>Whether it is quiet for longer than it uses to be.</summary>
    public bool IsStale(KindActivity activity, long sinceMs, long nowMs) =>
        activity.Pauses >= EnoughPauses && nowMs - _knownSinceMs >= LongEnough.TotalMilliseconds
        && nowMs - Math.Max(_lastMs, sinceMs) > Math.Max(
            Least.TotalMilliseconds, Math.Max(activity.UsualPauseMs * UsualPauses, _longestMs * LongestPauses));
}
