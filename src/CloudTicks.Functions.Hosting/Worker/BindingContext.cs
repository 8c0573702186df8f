namespace Microsoft.Azure.Functions.Worker;

/// <summary>A trigger's metadata, in addition to its events.</summary>
public abstract class BindingContext
{
    /// <summary>For event hubs <c>PartitionContext</c>: JSON of <c>EventHubName</c>, <c>ConsumerGroup</c>, <c>PartitionId</c>.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
