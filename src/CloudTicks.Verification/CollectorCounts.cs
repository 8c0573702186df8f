namespace CloudTicks.Verification;

/// <summary>What the collector says that it read and refused.</summary>
/// <param name="Received">Ticks read from the feed, refused ones included.</param>
/// <param name="Rejected">Ticks refused, by the name of the reason.</param>
public sealed record CollectorCounts(long Received, IReadOnlyDictionary<string, long> Rejected)
{
    /// <summary>False when a process of it was killed: what that one read after its last answer is in no count.</summary>
    public bool IsComplete { get; init; } = true;
}
