using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>What the partitions of one function share.</summary>
internal sealed record TriggerRuntime(
    EventHubTrigger Trigger,
    FunctionInvoker Invoker,
    RetrySchedule Retries,
    EventHubTriggerOptions Options,
    TriggerHealth Health,
    FunctionsMetrics Metrics,
    TimeProvider Time,
    ILogger Logger)
{
    public string Name => Trigger.Function.Name;

    /// <summary>Bounds the calls that run at the same time.</summary>
    public SemaphoreSlim Places { get; } = new(Options.MaxConcurrentInvocations);
}
