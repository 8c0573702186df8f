namespace CloudTicks.Verification;

/// <summary>The collector's counts of received and refused ticks.</summary>
/// <param name="Received">Ticks read from the feed, refused ones included.</param>
/// <param name="Rejected">Ticks refused, by the name of the reason.</param>
public sealed record CollectorCounts(long Received, IReadOnlyDictionary<string, long> Rejected)
{
    /// <summary>False when a process was killed: the ticks that it read after its last response are not counted.</summary>
    public bool IsComplete { get; init; } = true;
}
