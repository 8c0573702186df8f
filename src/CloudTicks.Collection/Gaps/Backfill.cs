using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>The progress of a <see cref="BackfillRequest"/>.</summary>
/// <param name="FromMs">The start of the time range, inclusive, Unix ms, UTC.</param>
/// <param name="ToMs">The end of the time range, inclusive, Unix ms, UTC.</param>
/// <param name="State">
/// <see cref="GapState.Open"/> until the first piece is being fetched, then <see cref="GapState.Filling"/> until all pieces have ended,
/// then <see cref="GapState.Filled"/>, or <see cref="GapState.Unfillable"/> if any piece is unfillable.
/// </param>
/// <param name="Progress">The finished share of the requested time range, 0 to 1.</param>
/// <param name="Recovered">The number of fetched ticks, including those already archived.</param>
/// <param name="Detail">The last problem; null when there was none.</param>
public sealed record Backfill(
    Guid Id, Symbol Symbol, long FromMs, long ToMs, GapState State, double Progress, long Recovered, string? Detail)
{
    private const string Prefix = "backfill ";

    internal const string Cause = "requested";

    internal static string FoundBy(Guid id) => $"{Prefix}{id}";

    /// <summary>Combines the states of a request's pieces; null when the ledger has none.</summary>
    internal static Backfill? Of(Guid id, IEnumerable<FeedGap> ledger)
    {
        var foundBy = FoundBy(id);
        FeedGap[] pieces = [.. ledger.Where(gap => gap.Cause == Cause && gap.FoundBy == foundBy)];
        if (pieces.Length == 0)
        {
            return null;
        }

        var endedPieces = pieces.Where(gap => gap.State is GapState.Filled or GapState.Unfillable).ToArray();
        var state = endedPieces.Length == pieces.Length
            ? Array.Exists(endedPieces, gap => gap.State == GapState.Unfillable) ? GapState.Unfillable : GapState.Filled
            : Array.TrueForAll(pieces, gap => gap.State == GapState.Open) ? GapState.Open : GapState.Filling;
        return new Backfill(
            id, pieces[0].Symbol, pieces.Min(gap => gap.FromMs), pieces.Max(gap => gap.ToMs!.Value), state,
            endedPieces.Sum(Length) / pieces.Sum(Length),
            pieces.Sum(gap => gap.Recovered),
            pieces.OrderBy(gap => gap.State == GapState.Unfillable).ThenBy(gap => gap.ChangedMs)
                .LastOrDefault(gap => gap.Detail is not null)?.Detail);
    }

    private static double Length(FeedGap gap) => gap.ToMs!.Value - gap.FromMs + 1;
}
