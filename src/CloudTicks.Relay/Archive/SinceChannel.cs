namespace CloudTicks.Relay.Archive;

/// <summary>A channel, or all channels of a market and kind, and the time from which a client wants its events.</summary>
/// <param name="SinceMs">Unix ms, UTC.</param>
/// <param name="IsShared">Whether the time applies to several channels, so that the last event of this channel may be older.</param>
internal readonly record struct SinceChannel(ChannelSelector Selector, long SinceMs, bool IsShared)
{
    /// <summary>
    /// Partitions are delivered independently, and after an outage seconds apart. A client that disconnects then has the newest events of
    /// one symbol and lacks older ones of another, which were archived before the time that it names.
    /// </summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Events archived at or after this time are sent whatever their tick time; null when the requested time is for this channel alone.
    /// </summary>
    public long? ArchivedSinceMs =>
        IsShared || Selector.Symbol is null ? SinceMs - (long)MaxSkew.TotalMilliseconds : null;
}
