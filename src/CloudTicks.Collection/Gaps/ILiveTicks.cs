using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Knows which ticks were delivered live: these are not the missing ones, even when Polygon's history has them.</summary>
internal interface ILiveTicks
{
    /// <summary>Removes from what was fetched for a gap the ticks that were delivered live.</summary>
    /// <exception cref="EventStream.EventStreamException">The archive cannot be read now.</exception>
    public Task RemoveDeliveredAsync(FeedGap gap, FetchedTicks fetched, CancellationToken cancellationToken);
}
