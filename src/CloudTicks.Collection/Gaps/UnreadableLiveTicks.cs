using CloudTicks.Collection.Delivery;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Without an archive that can be read, as with <c>--db-server</c>, only this is known: the borders of a damage are ticks that other
/// records of the spool had. All others count as restored.
/// </summary>
internal sealed class UnreadableLiveTicks : ILiveTicks
{
    public Task RemoveDeliveredAsync(FeedGap gap, FetchedTicks fetched, CancellationToken cancellationToken)
    {
        if (gap is { Cause: MissedTicks.SpoolDamaged, ToMs: { } toMs })
        {
            fetched.RemoveAt(gap.FromMs);
            fetched.RemoveAt(toMs);
        }

        return Task.CompletedTask;
    }
}
