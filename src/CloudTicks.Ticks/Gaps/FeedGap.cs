namespace CloudTicks.Ticks.Gaps;

/// <summary>A period in which ticks of one symbol and kind may be missing from the archive.</summary>
/// <param name="Id">Identifies the gap; the same in all its states.</param>
/// <param name="FromMs">When the gap begins, Unix ms, UTC, inclusive.</param>
/// <param name="ToMs">When the gap ends, Unix ms, UTC, inclusive; null while it lasts.</param>
/// <param name="Cause">What caused it, such as <c>disconnected</c>, <c>stale</c>, <c>start</c>, <c>spool_full</c>,
/// <c>conflated</c>.</param>
/// <param name="Recovered">Ticks fetched over REST, including those that were already in the archive.</param>
/// <param name="Detail">Why the gap cannot be filled, or the last error; null if there is none.</param>
/// <param name="ChangedMs">When the gap entered this state, Unix ms, UTC.</param>
/// <param name="Missing">Ticks known to be missing; 0 when the number is unknown. Gaps of one <paramref name="Loss"/> share the
/// number.</param>
/// <param name="Restored">Fetched ticks that the archive did not have. They count towards
/// <paramref name="Missing"/>.</param>
/// <param name="Loss">Identifies the loss that this gap shares with other gaps; null when <paramref name="Missing"/> belongs to this gap
/// alone.</param>
public sealed record FeedGap(
    Guid Id, Symbol Symbol, TickKind Kind, long FromMs, long? ToMs, string Cause, string FoundBy, GapState State, long Recovered,
    string? Detail,
    long ChangedMs, long Missing = 0, long Restored = 0, Guid? Loss = null)
{
    /// <summary>Identifies the loss that <see cref="Missing"/> counts.</summary>
    public Guid LossId => Loss ?? Id;
}
