namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Marks a parameter that receives ordered batches, each from one partition. <c>%Setting%</c> in a name is replaced from the configuration.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventHubTriggerAttribute(string eventHubName) : Attribute
{
    /// <summary>The event hub; here the Kafka topic.</summary>
    public string EventHubName { get; } = eventHubName;

    /// <summary>The name of the setting or connection string that contains the event hub's address.</summary>
    public string? Connection { get; set; }

    /// <summary>The consumer group, <c>$Default</c> by default.</summary>
    public string? ConsumerGroup { get; set; }

    /// <summary>Whether the parameter is an array; true by default. This host supports only arrays.</summary>
    public bool IsBatched { get; set; } = true;
}
