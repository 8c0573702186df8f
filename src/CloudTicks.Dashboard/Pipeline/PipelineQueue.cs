using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>A queue of the collectors; null for an unknown length or no limit.</summary>
internal sealed record PipelineQueue(string Name, string Unit, Func<CollectorStatus, double?> Length, Func<CollectorStatus, double?> Limit);
