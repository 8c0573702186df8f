using Azure.Messaging.EventHubs;
using CloudTicks.EventStream.Topics;
using CloudTicks.Functions.Publishing;
using CloudTicks.Functions.Tracing;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Publishes every tick of the archive on NATS, at least once.</summary>
public sealed class PublishTicks(PublishTicksHandler handler)
{
    /// <summary>Publishes a batch, and completes when the server has confirmed it and it may be checkpointed.</summary>
    /// <param name="events">Records of one partition, in order.</param>
    /// <param name="cancellationToken">Cancels the attempt; the batch is delivered again.</param>
    [Function(nameof(PublishTicks))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:00:05")]
    public Task RunAsync(
        [EventHubTrigger(TopicNames.TickArchive, Connection = "eventhubs", ConsumerGroup = ConsumerGroups.Nats)] EventData[] events,
        CancellationToken cancellationToken) =>
        RecordTraces.TraceAsync(
            "publish", events, () => handler.PublishAsync(Array.ConvertAll(events, data => data.EventBody.ToMemory()), cancellationToken));
}
