namespace CloudTicks.Verification;

/// <summary>The feed's own counts of one symbol.</summary>
/// <param name="Sent">Ticks, repeats included.</param>
/// <param name="DistinctSum">Wrapping 64-bit sum of the identities of the distinct ticks.</param>
public sealed record FeedCounts(long Sent, long Distinct, ulong DistinctSum)
{
    /// <summary>
    /// The distinct ticks that the feed generated, whether or not a session received them; null if the symbol was no longer selected at
    /// the end of the run, in which case only the sent ticks are expected.
    /// </summary>
    public DistinctTicks? Made { get; init; }

    /// <summary>Distinct ticks that the archive and the table must have, unless they were refused.</summary>
    internal DistinctTicks Expected => Made ?? new DistinctTicks(Distinct, DistinctSum);
}

/// <summary>A comparable count of distinct ticks.</summary>
/// <param name="Sum">Wrapping 64-bit sum of their identities.</param>
public readonly record struct DistinctTicks(long Count, ulong Sum);
