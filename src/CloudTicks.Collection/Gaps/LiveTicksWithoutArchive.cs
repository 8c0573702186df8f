using CloudTicks.Collection.Records;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Used when there is no archive to read live ticks from. The only ticks known to be live are those at both ends of a gap caused by spool
/// damage; all others count as restored.
/// </summary>
internal sealed class LiveTicksWithoutArchive : ILiveTicks
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
