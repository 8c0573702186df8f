namespace CloudTicks.Timescale.Tests.Retention;

/// <summary>A time of day that is set; what is measured passes as it does.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private long _nowMs;

    public long NowMs
    {
        get => Volatile.Read(ref _nowMs);
        set => Volatile.Write(ref _nowMs, value);
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);
}
