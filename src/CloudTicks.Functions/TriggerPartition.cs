using System.Globalization;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Tells which partition a batch of events is of.</summary>
internal static class TriggerPartition
{
    /// <summary>What the trigger says; where it says nothing, what the first readable record says.</summary>
    /// <exception cref="InvalidOperationException">Neither says it.</exception>
    public static int Of(FunctionContext context, EventData[] events) =>
        FromTrigger(context.BindingContext.BindingData) ?? FromRecords(events) ?? throw new InvalidOperationException(
            "The trigger does not tell the partition of its events (PartitionContext in the binding data), and none of them can be read.");

    private static int? FromTrigger(IReadOnlyDictionary<string, object?> binding)
    {
        if (!binding.TryGetValue("PartitionContext", out var text) || text is not string json)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("PartitionId", out var id)
            && int.TryParse(id.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var partition) ? partition : null;
    }

    private static int? FromRecords(EventData[] events)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        foreach (var data in events)
        {
            try
            {
                reader.Open(data.EventBody.ToMemory());
                return reader.Partition;
            }
            catch (TickBatchFormatException)
            {
                // The handler deals with it; the next one may tell.
            }
        }

        return null;
    }
}
