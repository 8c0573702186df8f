using Azure.Messaging.EventHubs;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Ordered events of one partition for one call, at least one; NextOffset, behind the last, is their checkpoint.</summary>
internal sealed record EventBatch(EventData[] Events, long NextOffset, long Bytes);
