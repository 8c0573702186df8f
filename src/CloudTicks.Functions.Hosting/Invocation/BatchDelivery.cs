using Azure.Messaging.EventHubs;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Brings a batch to its function; when it completes, the batch is done and may be checkpointed.</summary>
/// <param name="events">Events of one partition, in their order.</param>
internal delegate Task BatchDelivery(EventData[] events, CancellationToken cancellationToken);
