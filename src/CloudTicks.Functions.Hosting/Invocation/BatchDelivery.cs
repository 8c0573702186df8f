using Azure.Messaging.EventHubs;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Delivers a batch to its function. When the task completes, the batch is done and may be checkpointed.</summary>
/// <param name="events">Events of one partition, in order.</param>
internal delegate Task BatchDelivery(EventData[] events, CancellationToken cancellationToken);
