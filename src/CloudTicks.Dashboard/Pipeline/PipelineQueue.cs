using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>A queue of the collectors. Its length is null if unknown, and its limit is null if it has none.</summary>
internal sealed record PipelineQueue(string Name, string Unit, Func<CollectorStatus, double?> Length, Func<CollectorStatus, double?> Limit);
