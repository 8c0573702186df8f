namespace CloudTicks.Collection.Intake;

/// <summary>When the ticks of one kind of one symbol came. Written by the decoding loop alone, read by anyone.</summary>
internal sealed class KindActivity
{
    /// <summary>The usual pause follows the last few dozen ticks.</summary>
    private const double Weight = 1.0 / 32;

    private long _lastTimestampMs;
    private long _lastReceivedMs;
    private double _usualPauseMs;

    /// <summary>The feed's time of the newest tick received, Unix ms, UTC; null before the first.</summary>
    public long? LastTimestampMs => Volatile.Read(ref _lastTimestampMs) is var last and not 0 ? last : null;

    /// <summary>When the last tick was received, Unix ms, UTC; null before the first.</summary>
    public long? LastReceivedMs => Volatile.Read(ref _lastReceivedMs) is var last and not 0 ? last : null;

    /// <summary>The usual time between two ticks, in ms; 0 before the second.</summary>
    public double UsualPauseMs => Volatile.Read(ref _usualPauseMs);

    public void Add(long timestampMs, long receivedMs)
    {
        if (_lastReceivedMs != 0)
        {
            var pause = Math.Max(0, receivedMs - _lastReceivedMs);
            Volatile.Write(ref _usualPauseMs, _usualPauseMs + ((pause - _usualPauseMs) * Weight));
        }

        if (timestampMs > _lastTimestampMs)
        {
            Volatile.Write(ref _lastTimestampMs, timestampMs);
        }

        Volatile.Write(ref _lastReceivedMs, receivedMs);
    }
}
