namespace CloudTicks.AppHost.Local.Running;

/// <summary>The simulated ticks that were dropped.</summary>
/// <param name="Before">The time of the oldest remaining tick, or earlier.</param>
/// <param name="Bytes">The bytes that were freed.</param>
internal sealed record DroppedTicks(DateTimeOffset Before, long Bytes);
