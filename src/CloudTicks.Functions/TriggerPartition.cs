using System.Globalization;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

internal static class TriggerPartition
{
    /// <summary>Returns the partition named by the trigger, otherwise by the first readable record.</summary>
    /// <exception cref="InvalidOperationException">Neither the trigger nor a record names the partition.</exception>
    public static int Of(FunctionContext context, EventData[] events) =>
        FromTrigger(context.BindingContext.BindingData) ?? FromRecords(events) ?? throw new InvalidOperationException(
            "The trigger does not name the partition of its events (PartitionContext in the binding data), and none of them can be read.");

    private static int? FromTrigger(IReadOnlyDictionary<string, object?> binding)
    {
        if (!binding.TryGetValue("PartitionContext", out var text) || text is not string json || !json.StartsWith('{'))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        foreach (var field in document.RootElement.EnumerateObject())
        {
            // Serializers write the name in different letter case.
            if (field.Name.Equals("PartitionId", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(field.Value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
            {
                return partition;
            }
        }

        return null;
    }

    private static int? FromRecords(EventData[] events)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        foreach (var value in events.Select(data => data.EventBody.ToMemory()))
        {
            if (GapRecord.IsGap(value.Span))
            {
                if (GapRecord.TryRead(value, out var gap, out _))
                {
                    return gap.Symbol.PartitionOf(ArchiveTopics.ArchivePartitions);
                }

                continue;
            }

            try
            {
                reader.Open(value);
                return reader.Partition;
            }
            catch (TickBatchFormatException)
            {
                // The handler reports the unreadable record. The next record may name the partition.
            }
        }

        return null;
    }
}
