namespace CloudTicks.Relay.Archive;

/// <summary>A channel, or all of a market and kind, and the time from which a client wants its events.</summary>
/// <param name="SinceMs">Unix ms, UTC.</param>
/// <param name="IsShared">Whether the time is that of several channels, so that it may not be the last time of this one.</param>
internal readonly record struct SinceChannel(ChannelSelector Selector, long SinceMs, bool IsShared)
{
    /// <summary>
    /// Partitions are handed over each at its own pace, after an outage seconds apart. A client that was cut off then has the newest events
    /// of one symbol and misses older ones of another, which were archived before the time that it names.
    /// </summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    /// <summary>What was archived at this time or later is sent whatever its own time; null where the time is the channel's own.</summary>
    public long? ArchivedSinceMs =>
        IsShared || Selector.Symbol is null ? SinceMs - (long)MaxSkew.TotalMilliseconds : null;
}
