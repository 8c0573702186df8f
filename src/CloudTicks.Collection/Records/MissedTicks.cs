using CloudTicks.Ticks;

namespace CloudTicks.Collection.Records;

/// <summary>Ticks that the feed sent and the collector dropped or lost. They are recorded as a gap, so that they can be fetched.</summary>
/// <param name="Id">Identifies the interval: its first report and its last report have the same id.</param>
/// <param name="FromMs">The feed's time of the first tick, Unix ms, UTC.</param>
/// <param name="ToMs">The feed's time of the last tick, Unix ms, UTC; null while the interval lasts.</param>
/// <param name="Cause"><c>conflated</c>, <c>spool_full</c> or <c>spool_damaged</c>.</param>
/// <param name="Count">The number of ticks since the previous report of the same <paramref name="Id"/>; 0 when unknown.</param>
/// <param name="Detail">A description for operators; null when there is none.</param>
/// <param name="Loss">
/// The id of a loss that several symbols share, because the lost ticks may belong to any of these symbols; null when the ticks belong to
/// this symbol.
/// </param>
internal sealed record MissedTicks(
    Guid Id, Symbol Symbol, TickKind Kind, long FromMs, long? ToMs, string Cause, long Count, string? Detail = null, Guid? Loss = null)
{
    /// <summary>Only the latest quote of each second was kept.</summary>
    public const string Conflated = "conflated";

    /// <summary>The spool was full, or its disk could not be written.</summary>
    public const string SpoolFull = "spool_full";

    /// <summary>A record of the spool can no longer be read.</summary>
    public const string SpoolDamaged = "spool_damaged";
}
