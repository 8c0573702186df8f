namespace CloudTicks.Timescale.Tests.Retention;

/// <summary>A clock whose time the test sets; its timestamps still advance.</summary>
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
