using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Passes the partition to a function in the isolated worker's format.</summary>
internal sealed class PartitionBinding(string eventHub, string consumerGroup, int partition) : BindingContext
{
    public override IReadOnlyDictionary<string, object?> BindingData { get; } =
        new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["PartitionContext"] =
            JsonSerializer.Serialize(new { EventHubName = eventHub, ConsumerGroup = consumerGroup, PartitionId = $"{partition}" }),
        };
}
