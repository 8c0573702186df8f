using Azure.Messaging.EventHubs;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>At least one event of one partition for one call, in order. NextOffset, after the last event, is their checkpoint.</summary>
internal sealed record EventBatch(EventData[] Events, long NextOffset, long Bytes);
