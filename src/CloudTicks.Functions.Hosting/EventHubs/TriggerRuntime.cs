using CloudTicks.Functions.Hosting.Invocation;
using CloudTicks.Functions.Hosting.WorstCase;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.EventHubs;

internal sealed record TriggerRuntime(
    EventHubTrigger Trigger,
    FunctionInvoker Invoker,
    RetrySchedule Retries,
    EventHubTriggerOptions Options,
    TriggerHealth Health,
    FunctionsMetrics Metrics,
    TimeProvider Time,
    ILogger Logger,
    WorstCaseTrigger? Worst)
{
    public string Name => Trigger.Function.Name;

    /// <summary>Returns the delegate that delivers a partition's batches to the function while this host owns the partition.</summary>
    public BatchDelivery DeliveryTo(int partition)
    {
        var binding = new PartitionBinding(Trigger.Topic, Trigger.ConsumerGroup, partition);
        BatchDelivery call = (events, cancellationToken) => Invoker.InvokeAsync(events, binding, cancellationToken);
        return Worst?.Deliver(partition, call) ?? call;
    }

    public SemaphoreSlim InvocationSlots { get; } = new(Options.MaxConcurrentInvocations);
}
