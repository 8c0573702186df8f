using CloudTicks.Collection.Subscriptions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Counters;

/// <summary>Tracks when the ticks of one symbol and kind arrived. Only the decoding loop writes it; any thread may read it.</summary>
internal sealed class KindActivity
{
    /// <summary>The number of pauses that the moving average covers.</summary>
    private const int MaxPauses = 32;

    /// <summary>The maximum pause in the average. Longer pauses are clamped: a night without ticks says nothing about the day.</summary>
    private const long MaxPauseMs = 3_600_000;

    private long _lastTimestampMs;
    private long _lastReceivedMs;
    private double _meanPauseMs;
    private int _pauseCount;
    private AcceptedChannels? _channels;
    private long _acceptedUntilMs;

    /// <summary>The feed's timestamp of the newest tick received, Unix ms, UTC; null before the first.</summary>
    public long? LastTimestampMs => Volatile.Read(ref _lastTimestampMs) is var last and not 0 ? last : null;

    /// <summary>The time at which the last tick was received, Unix ms, UTC; null before the first.</summary>
    public long? LastReceivedMs => Volatile.Read(ref _lastReceivedMs) is var last and not 0 ? last : null;

    /// <summary>The average time between two ticks, in ms; 0 before the second tick.</summary>
    public double MeanPauseMs => Volatile.Read(ref _meanPauseMs);

    /// <summary>The number of pauses in <see cref="MeanPauseMs"/>, at most 32.</summary>
    public int Pauses => Volatile.Read(ref _pauseCount);

    /// <summary>
    /// Whether a tick's channel was accepted when the tick was received. The lookup is cached until the selection changes.
    /// </summary>
    public bool Accepts(AcceptedChannels channels, scoped in Tick tick)
    {
        if (!ReferenceEquals(channels, _channels))
        {
            (_channels, _acceptedUntilMs) = (channels, channels.UntilMs(tick.Symbol, tick.Kind));
        }

        return tick.ReceivedMs <= _acceptedUntilMs;
    }

    public void Add(long timestampMs, long receivedMs)
    {
        if (_lastReceivedMs != 0)
        {
            var pause = Math.Clamp(receivedMs - _lastReceivedMs, 0, MaxPauseMs);
            _pauseCount += _pauseCount < MaxPauses ? 1 : 0;
            Volatile.Write(ref _meanPauseMs, _meanPauseMs + ((pause - _meanPauseMs) / _pauseCount));
        }

        if (timestampMs > _lastTimestampMs)
        {
            Volatile.Write(ref _lastTimestampMs, timestampMs);
        }

        Volatile.Write(ref _lastReceivedMs, receivedMs);
    }
}
