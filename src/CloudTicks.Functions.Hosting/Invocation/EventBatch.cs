using Azure.Messaging.EventHubs;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Events of one partition, in their order, that a function gets at once.</summary>
/// <param name="Events">At least one.</param>
/// <param name="NextOffset">The offset after the last of them: the checkpoint when they are done.</param>
/// <param name="Bytes">What they hold in memory.</param>
internal sealed record EventBatch(EventData[] Events, long NextOffset, long Bytes);
