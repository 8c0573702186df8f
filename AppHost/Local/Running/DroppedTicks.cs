namespace CloudTicks.AppHost.Local.Running;

/// <summary>What was dropped of the simulated ticks.</summary>
/// <param name="Before">The time of the oldest remaining tick, or earlier.</param>
/// <param name="Bytes">The bytes that were freed.</param>
internal sealed record DroppedTicks(DateTimeOffset Before, long Bytes);
