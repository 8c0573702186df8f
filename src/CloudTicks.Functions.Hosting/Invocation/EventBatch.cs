using Azure.Messaging.EventHubs;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>
/// The events of one call: at least one, of one partition, in order. NextOffset, the offset after the last event, is the checkpoint.
/// </summary>
internal sealed record EventBatch(EventData[] Events, long NextOffset, long Bytes);
