using CloudTicks.Collection.Records;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Used when there is no archive to read live ticks from: only the ticks at the ends of a damaged part of the spool are known to be live;
/// all others count as restored.
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
