namespace Microsoft.Azure.Functions.Worker;

/// <summary>The parameter gets ordered batches of one partition each; <c>%Setting%</c> in a name comes from the configuration.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventHubTriggerAttribute(string eventHubName) : Attribute
{
    /// <summary>The event hub; here the Kafka topic.</summary>
    public string EventHubName { get; } = eventHubName;

    /// <summary>The name of the setting, or of the connection string, that says where the hub is.</summary>
    public string? Connection { get; set; }

    /// <summary>The consumer group, <c>$Default</c> when none is given.</summary>
    public string? ConsumerGroup { get; set; }

    /// <summary>True, the default, when the parameter is an array; this host serves nothing else.</summary>
    public bool IsBatched { get; set; } = true;
}
