namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A clock that goes on and is set when a test says so. It begins at the machine's time, because files have that.</summary>
internal sealed class TestClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long Now => _now.ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _ticks;

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan by)
    {
        _ticks += by.Ticks;
        _now += by;
    }

    /// <summary>Somebody sets the clock.</summary>
    public void Set(TimeSpan by) => _now += by;
}
