namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a trigger tells besides its events.</summary>
public abstract class BindingContext
{
    /// <summary>
    /// Of an event hub: <c>PartitionContext</c>, JSON text with <c>EventHubName</c>, <c>ConsumerGroup</c> and <c>PartitionId</c>.
    /// </summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
