namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>
/// A clock that the test advances or shifts. It starts at the machine's time, so that it agrees with the timestamps of files.
/// </summary>
internal sealed class TestClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long Now => _now.ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _ticks;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by)
    {
        _ticks += by.Ticks;
        _now += by;
    }

    /// <summary>Shifts the wall clock without letting time pass.</summary>
    public void ShiftWallClock(TimeSpan by) => _now += by;
}
