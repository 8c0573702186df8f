namespace CloudTicks.Ticks.Status;

/// <summary>A collector's membership in a group of collectors that share the symbols.</summary>
/// <param name="State">
/// <c>joining</c>, <c>joined</c>, <c>away</c> (the event hub does not answer; the collector keeps its connections) or <c>replaced</c>
/// (another collector has the same name).
/// </param>
/// <param name="Connections">The slots of the connections that the collector holds, in all markets; empty while it waits.</param>
/// <param name="Problem">What is wrong with the group and what to do; null when all is well.</param>
public sealed record ReplicaStatus(string Group, string Instance, string State, IReadOnlyList<int> Connections, string? Problem)
{
    /// <summary>The number of connections to each market that the group shares; 0 while unknown. Older collectors do not send it.</summary>
    public int Shared { get; init; }
}
