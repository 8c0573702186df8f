namespace CloudTicks.Verification;

/// <summary>What the collector says that it read and refused.</summary>
/// <param name="Received">Ticks read from the feed, refused ones included.</param>
/// <param name="Rejected">Ticks refused, by the name of the reason.</param>
public sealed record CollectorCounts(long Received, IReadOnlyDictionary<string, long> Rejected);
