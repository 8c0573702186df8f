namespace CloudTicks.Timescale.Tests;

/// <summary>A clock that stands at a time.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
