using CloudTicks.Collection.Counters;

namespace CloudTicks.Collection.Liveness;

internal enum StaleState
{
    /// <summary>The channel ticks, or its silence is expected.</summary>
    None,

    /// <summary>The channel was stale and its connection was restarted.</summary>
    Reconnected,

    Reported,
}

/// <summary>
/// A monitored channel. It is stale when its silence exceeds 10 s, ten times its mean pause and twice its longest pause, because ticks
/// arrive in bursts.
/// </summary>
internal sealed class QuietChannel
{
    private const double MeanPauseFactor = 10;
    private const double MaxPauseFactor = 2;

    /// <summary>The minimum number of pauses. With fewer, or after a shorter observation, the usual pause is unknown.</summary>
    private const int MinPauses = 10;
    private static readonly TimeSpan MinObservation = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MinStaleTime = TimeSpan.FromSeconds(10);

    /// <summary>The time in which the remembered longest pause halves.</summary>
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(15);

    private long _observedSinceMs;
    private long _lastMs;
    private double _longestMs;
    private long _longestAtMs;

    public StaleState StaleState { get; set; }

    /// <summary>The time at which the channel's connection was restarted, Unix ms, UTC.</summary>
    public long ReconnectedAtMs { get; set; }

    /// <summary>The time after which ticks may be missing, Unix ms, UTC.</summary>
    public long MissingSinceMs { get; set; }

    /// <param name="sinceMs">
    /// The time after which silence counts, Unix ms: that of the subscription, or of this process's last pause.
    /// </param>
    public bool Observe(KindActivity activity, long sinceMs, long nowMs)
    {
        var last = activity.LastReceivedMs ?? 0;
        if (last == _lastMs)
        {
            return false;
        }

        _observedSinceMs = _observedSinceMs == 0 ? nowMs : _observedSinceMs;
        // A pause that raised an alarm also counts, so that an equal pause raises no second alarm.
        var pause = _lastMs >= sinceMs || StaleState != StaleState.None ? last - _lastMs : 0;
        var remembered = _longestMs * Math.Pow(0.5, (nowMs - _longestAtMs) / HalfLife.TotalMilliseconds);
        (_longestMs, _longestAtMs, _lastMs) = (Math.Max(remembered, pause), nowMs, last);
        return true;
    }

    /// <summary>Whether the channel has been silent for longer than usual.</summary>
    public bool IsStale(KindActivity activity, long sinceMs, long nowMs) =>
        activity.Pauses >= MinPauses && nowMs - _observedSinceMs >= MinObservation.TotalMilliseconds
        && nowMs - Math.Max(_lastMs, sinceMs) > Math.Max(
            MinStaleTime.TotalMilliseconds, Math.Max(activity.MeanPauseMs * MeanPauseFactor, _longestMs * MaxPauseFactor));
}
