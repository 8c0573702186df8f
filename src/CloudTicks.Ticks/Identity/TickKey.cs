namespace CloudTicks.Ticks.Identity;

/// <summary>Distinguishes ticks by their time and identity. The identity covers the symbol.</summary>
/// <param name="TimestampMs">The feed's time, Unix ms.</param>
/// <param name="Hash">See <see cref="TickIdentity"/>.</param>
public readonly record struct TickKey(long TimestampMs, ulong Hash);
