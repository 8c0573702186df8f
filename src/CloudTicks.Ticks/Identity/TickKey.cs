namespace CloudTicks.Ticks.Identity;

/// <summary>What distinguishes one tick from another: its time, and its identity, which covers the symbol too.</summary>
/// <param name="TimestampMs">The feed's time, Unix ms.</param>
/// <param name="Hash">See <see cref="TickIdentity"/>.</param>
public readonly record struct TickKey(long TimestampMs, ulong Hash);
