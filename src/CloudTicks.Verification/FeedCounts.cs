namespace CloudTicks.Verification;

/// <summary>What a feed says that it sent of one symbol.</summary>
/// <param name="Sent">Ticks, repeats included.</param>
/// <param name="DistinctSum">Wrapping 64-bit sum of the identities of the distinct ticks.</param>
public sealed record FeedCounts(long Sent, long Distinct, ulong DistinctSum)
{
    /// <summary>
    /// What the market made, whether or not a session was there to receive it; null where the symbol was not selected all the time, so that
    /// only what was sent is owed.
    /// </summary>
    public DistinctTicks? Made { get; init; }

    /// <summary>Distinct ticks that the archive and the table must have, refused ones aside.</summary>
    internal DistinctTicks Owed => Made ?? new DistinctTicks(Distinct, DistinctSum);
}

/// <summary>Distinct ticks, counted so that two counts can be compared.</summary>
/// <param name="Sum">Wrapping 64-bit sum of their identities.</param>
public readonly record struct DistinctTicks(long Count, ulong Sum);
