namespace CloudTicks.Verification;

/// <summary>What a feed says that it sent of one symbol.</summary>
/// <param name="Sent">Ticks, repeats included.</param>
/// <param name="Distinct">Ticks that differ in identity.</param>
/// <param name="DistinctSum">Wrapping 64-bit sum of the identities of the distinct ticks.</param>
public sealed record FeedCounts(long Sent, long Distinct, ulong DistinctSum);
