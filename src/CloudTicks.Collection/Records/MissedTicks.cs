using CloudTicks.Ticks;

namespace CloudTicks.Collection.Records;

/// <summary>Ticks that were received, or would have been, and did not go to the archive.</summary>
/// <param name="Id">Tells a report that they begin from the one that they have ended.</param>
/// <param name="FromMs">The feed's time of the first, Unix ms, UTC.</param>
/// <param name="ToMs">The feed's time of the last, Unix ms, UTC; null while it goes on.</param>
/// <param name="Cause"><c>conflated</c>, <c>spool_full</c> or <c>spool_damaged</c>.</param>
/// <param name="Count">How many, those of earlier reports of the same <paramref name="Id"/> not among them; 0 when unknown.</param>
/// <param name="Detail">What there is to say of them; null when that is nothing.</param>
/// <param name="Loss">The loss that several symbols share, as the ticks may be of any of them; null when they are of this
/// one.</param>
internal sealed record MissedTicks(
    Guid Id, Symbol Symbol, TickKind Kind, long FromMs, long? ToMs, string Cause, long Count, string? Detail = null, Guid? Loss = null)
{
    /// <summary>Only the latest quote of each second was kept.</summary>
    public const string Conflated = "conflated";

    /// <summary>The spool had no room left.</summary>
    public const string SpoolFull = "spool_full";

    /// <summary>A record of the spool can no longer be read.</summary>
    public const string SpoolDamaged = "spool_damaged";
}
