namespace CloudTicks.AppHost.Local.Running;

/// <summary>The simulated ticks that were dropped.</summary>
/// <param name="Before">Every tick before this time was dropped.</param>
/// <param name="Bytes">The bytes that were freed.</param>
internal sealed record DroppedTicks(DateTimeOffset Before, long Bytes);
