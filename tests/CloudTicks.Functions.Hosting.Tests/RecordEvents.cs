using System.Text.Json;
using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>The function of most tests: it passes its batches to the test's <see cref="Recorder"/>.</summary>
public sealed class RecordEvents(Recorder recorder)
{
    [Function(nameof(RecordEvents))]
    [FixedDelayRetry(2, "00:00:00.010")]
    public Task RunAsync(
        [EventHubTrigger("%topic%", Connection = "eventhubs", ConsumerGroup = "%group%")] EventData[] events,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        recorder.TakeAsync(PartitionOf(context), events, cancellationToken);

    public static int PartitionOf(FunctionContext context)
    {
        using var json = JsonDocument.Parse((string)context.BindingContext.BindingData["PartitionContext"]!);
        return int.Parse(json.RootElement.GetProperty("PartitionId").GetString()!, null);
    }
}
