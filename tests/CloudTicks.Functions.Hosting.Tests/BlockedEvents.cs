using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>A second function, next to <see cref="RecordEvents"/>, whose calls do not end.</summary>
public sealed class BlockedEvents(Recorder recorder)
{
    [Function(nameof(BlockedEvents))]
    public Task RunAsync(
        [EventHubTrigger("%topic%", Connection = "eventhubs", ConsumerGroup = "%blocked-group%")] EventData[] events,
        CancellationToken cancellationToken)
    {
        recorder.Blocked.TrySetResult(events.Length);
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
