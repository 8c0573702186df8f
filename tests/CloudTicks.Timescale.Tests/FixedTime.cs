namespace CloudTicks.Timescale.Tests;

/// <summary>A clock with a fixed time.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
