namespace CloudTicks.Ticks.Status;

/// <summary>Where a collector stands among those that share the symbols.</summary>
/// <param name="State">
/// <c>joining</c>, <c>joined</c>, <c>away</c> (the event hub does not answer; what is held is kept) or <c>replaced</c> (another has the
/// same name).
/// </param>
/// <param name="Connections">The numbers of the connections that it holds, of every market; none while it waits.</param>
/// <param name="Problem">What keeps the group from working, and what to do; null when nothing does.</param>
public sealed record ReplicaStatus(string Group, string Instance, string State, IReadOnlyList<int> Connections, string? Problem)
{
    /// <summary>Connections to each market that the group shares; 0 while that is not known, or of an older collector.</summary>
    public int Shared { get; init; }
}
