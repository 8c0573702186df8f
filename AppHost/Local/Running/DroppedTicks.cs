namespace CloudTicks.AppHost.Local.Running;

/// <summary>What went of the simulated ticks.</summary>
/// <param name="Before">The time of the oldest tick that is still there, or earlier.</param>
/// <param name="Bytes">The room that it had.</param>
internal sealed record DroppedTicks(DateTimeOffset Before, long Bytes);
