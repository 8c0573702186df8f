using Azure.Messaging.EventHubs;
using CloudTicks.EventStream.Topics;
using CloudTicks.Functions.Storing;
using CloudTicks.Functions.Tracing;
using CloudTicks.Timescale.Storing;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Writes every tick of the archive into TimescaleDB, exactly once.</summary>
public sealed class StoreTicks(StoreTicksHandler handler)
{
    /// <summary>Stores a batch, and completes when it is durable and may be checkpointed.</summary>
    /// <param name="events">Records of one partition, in order.</param>
    /// <param name="cancellationToken">Cancels the attempt; the batch is delivered again.</param>
    [Function(nameof(StoreTicks))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:00:05")]
    public Task RunAsync(
        [EventHubTrigger(TopicNames.TickArchive, Connection = "eventhubs", ConsumerGroup = ConsumerGroups.Timescale)] EventData[] events,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        RecordTraces.TraceAsync("store", events, () => handler.StoreAsync(
            TriggerPartition.Of(context, events),
            Array.ConvertAll(events, data => new ArchivedRecord(data.SequenceNumber, data.EventBody.ToMemory())),
            cancellationToken));
}
