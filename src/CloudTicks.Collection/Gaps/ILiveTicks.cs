using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Finds fetched ticks that were delivered live, so that they do not count as restored.</summary>
internal interface ILiveTicks
{
    /// <summary>Removes ticks that were delivered live from those fetched for a gap.</summary>
    /// <exception cref="EventStream.EventStreamException">The archive cannot be read.</exception>
    public Task RemoveDeliveredAsync(FeedGap gap, FetchedTicks fetched, CancellationToken cancellationToken);
}
