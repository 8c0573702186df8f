using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Something of the collectors in which ticks wait.</summary>
/// <param name="Name">Its name on the page.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Length">How much waits; null while that is not known.</param>
/// <param name="Limit">How much may wait; null for no limit.</param>
internal sealed record PipelineQueue(string Name, string Unit, Func<CollectorStatus, double?> Length, Func<CollectorStatus, double?> Limit);
