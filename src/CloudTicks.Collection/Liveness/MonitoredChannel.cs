using CloudTicks.Collection.Counters;

namespace CloudTicks.Collection.Liveness;

internal enum StaleState
{
    /// <summary>The channel ticks, or its silence is expected.</summary>
    None,

    /// <summary>The channel was stale, and a restart of its connection was requested.</summary>
    Reconnected,

    Reported,
}

/// <summary>
/// A monitored channel. It is stale when its silence is longer than each of these: 10 s, ten times its mean pause, and twice its longest
/// pause. The limits are generous because ticks arrive in bursts.
/// </summary>
internal sealed class MonitoredChannel
{
    private const double MeanPauseFactor = 10;
    private const double MaxPauseFactor = 2;

    /// <summary>Minimum number of pauses before a channel can be stale. With fewer, its usual pause is unknown.</summary>
    private const int MinPauses = 10;
    private static readonly TimeSpan MinObservation = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MinStaleTime = TimeSpan.FromSeconds(10);

    /// <summary>The time in which the remembered longest pause halves.</summary>
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(15);

    private long _observedSinceMs;
    private long _lastMs;
    private double _maxPauseMs;
    private long _maxPauseAtMs;

    public StaleState StaleState { get; set; }

    /// <summary>The time at which the restart of the channel's connection was requested, Unix ms, UTC.</summary>
    public long ReconnectedAtMs { get; set; }

    /// <summary>The time after which ticks may be missing, Unix ms, UTC.</summary>
    public long MissingSinceMs { get; set; }

    /// <param name="sinceMs">
    /// The time of the subscription or of this process's last pause, whichever is later, Unix ms. Only silence after it counts.
    /// </param>
    /// <returns>Whether a tick was received since the last call.</returns>
    public bool Observe(KindActivity activity, long sinceMs, long nowMs)
    {
        var lastReceivedMs = activity.LastReceivedMs ?? 0;
        if (lastReceivedMs == _lastMs)
        {
            return false;
        }

        _observedSinceMs = _observedSinceMs == 0 ? nowMs : _observedSinceMs;
        // A pause after which the channel was stale also counts, so that the channel is not stale again after an equally long pause.
        var pause = _lastMs >= sinceMs || StaleState != StaleState.None ? lastReceivedMs - _lastMs : 0;
        var rememberedPauseMs = _maxPauseMs * Math.Pow(0.5, (nowMs - _maxPauseAtMs) / HalfLife.TotalMilliseconds);
        (_maxPauseMs, _maxPauseAtMs, _lastMs) = (Math.Max(rememberedPauseMs, pause), nowMs, lastReceivedMs);
        return true;
    }

    /// <summary>Whether the channel has been silent for longer than usual.</summary>
    public bool IsStale(KindActivity activity, long sinceMs, long nowMs) =>
        activity.Pauses >= MinPauses && nowMs - _observedSinceMs >= MinObservation.TotalMilliseconds
        && nowMs - Math.Max(_lastMs, sinceMs) > Math.Max(
            MinStaleTime.TotalMilliseconds, Math.Max(activity.MeanPauseMs * MeanPauseFactor, _maxPauseMs * MaxPauseFactor));
}
