namespace Microsoft.Azure.Functions.Worker;

/// <summary>A trigger's metadata, in addition to its events.</summary>
public abstract class BindingContext
{
    /// <summary>
    /// The metadata by name. For event hubs: <c>PartitionContext</c>, JSON with <c>EventHubName</c>, <c>ConsumerGroup</c> and
    /// <c>PartitionId</c>.
    /// </summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
