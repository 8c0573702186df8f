namespace CloudTicks.Ticks.Gaps;

/// <summary>A time in which ticks of one symbol and kind may be missing from the archive.</summary>
/// <param name="Id">Its identity; every state of one gap carries the same.</param>
/// <param name="FromMs">First Unix ms, UTC, in which a tick may be missing.</param>
/// <param name="ToMs">Last Unix ms, UTC, in which a tick may be missing; null while it lasts.</param>
/// <param name="Cause">What made it, such as <c>disconnected</c>, <c>stale</c>, <c>start</c>, <c>spool_full</c>, <c>conflated</c>.</param>
/// <param name="Recovered">Ticks fetched over REST, those that were in the archive already among them.</param>
/// <param name="Detail">Why it cannot be filled, or what went wrong last; null when there is nothing to say.</param>
/// <param name="ChangedMs">When this state came about, Unix ms, UTC.</param>
/// <param name="Missing">Ticks known to be missing; 0 when the number is not known. Gaps of one <paramref name="Loss"/> share the
/// number.</param>
/// <param name="Restored">Of the ticks fetched for this gap, those that were never archived live; they count towards
/// <paramref name="Missing"/>.</param>
/// <param name="Loss">The loss that this gap shares with other gaps; null when <paramref name="Missing"/> is about this gap alone.</param>
public sealed record FeedGap(
    Guid Id, Symbol Symbol, TickKind Kind, long FromMs, long? ToMs, string Cause, string FoundBy, GapState State, long Recovered,
    string? Detail,
    long ChangedMs, long Missing = 0, long Restored = 0, Guid? Loss = null)
{
    /// <summary>Identifies the loss that <see cref="Missing"/> counts: shared, or of this gap alone.</summary>
    public Guid LossId => Loss ?? Id;
}
