using CloudTicks.Collection.Records;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Without a readable archive only the ticks at a damage's borders are known to exist; all others count as restored.</summary>
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
