using CloudTicks.Collection.Subscriptions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Counters;

/// <summary>When the ticks of one kind of one symbol came. Written by the decoding loop alone, read by anyone.</summary>
internal sealed class KindActivity
{
    /// <summary>The usual pause follows the last few dozen ticks.</summary>
    private const int MostPauses = 32;

    /// <summary>A night without ticks says nothing about the pauses of a day.</summary>
    private const long LongestPauseMs = 3_600_000;

    private long _lastTimestampMs;
    private long _lastReceivedMs;
    private double _usualPauseMs;
    private int _pauses;
    private AcceptedChannels? _channels;
    private long _acceptedUntilMs;

    /// <summary>The feed's time of the newest tick received, Unix ms, UTC; null before the first.</summary>
    public long? LastTimestampMs => Volatile.Read(ref _lastTimestampMs) is var last and not 0 ? last : null;

    /// <summary>When the last tick was received, Unix ms, UTC; null before the first.</summary>
    public long? LastReceivedMs => Volatile.Read(ref _lastReceivedMs) is var last and not 0 ? last : null;

    /// <summary>The usual time between two ticks, in ms; 0 before the second.</summary>
    public double UsualPauseMs => Volatile.Read(ref _usualPauseMs);

    /// <summary>The pauses that this is known from, 32 at most.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    /// <summary>Whether a tick of it is selected. The channels are looked up only when they are others than at the tick before.</summary>
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
            var pause = Math.Clamp(receivedMs - _lastReceivedMs, 0, LongestPauseMs);
            _pauses += _pauses < MostPauses ? 1 : 0;
            Volatile.Write(ref _usualPauseMs, _usualPauseMs + ((pause - _usualPauseMs) / _pauses));
        }

        if (timestampMs > _lastTimestampMs)
        {
            Volatile.Write(ref _lastTimestampMs, timestampMs);
        }

        Volatile.Write(ref _lastReceivedMs, receivedMs);
    }
}
