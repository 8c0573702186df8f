namespace CloudTicks.Timescale.Storing;

/// <summary>One partition of one stream.</summary>
/// <param name="Stream">
/// The permanent identity of the stream: cluster and topic id, or the namespace and the hub's name in Azure Event Hubs. On the CloudTicks
/// event hub, a recreated topic has another identity.
/// </param>
/// <param name="Partition">The partition, 0 or more.</param>
public sealed record StreamPartition(string Stream, string Topic, int Partition)
{
    /// <summary>The text for messages.</summary>
    /// <returns>Topic, partition and stream.</returns>
    public override string ToString() => $"{Topic}[{Partition}] of {Stream}";
}
