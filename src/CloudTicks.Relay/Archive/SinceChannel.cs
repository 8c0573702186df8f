namespace CloudTicks.Relay.Archive;

/// <summary>A channel, or all channels of a market and kind, and the time since which a client requests events.</summary>
/// <param name="SinceMs">Unix ms, UTC.</param>
/// <param name="IsShared">Whether the time applies to several channels, so that the last event of this channel may be older.</param>
internal readonly record struct SinceChannel(ChannelSelector Selector, long SinceMs, bool IsShared)
{
    /// <summary>
    /// The assumed maximum delay between the deliveries of two partitions, for example after an outage. A client that disconnects meanwhile
    /// may lack events of one symbol that were archived before the last event of another.
    /// </summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Events archived at or after this time are sent regardless of their tick time. Null when the requested time is for this channel
    /// alone.
    /// </summary>
    public long? ArchivedSinceMs =>
        IsShared || Selector.Symbol is null ? SinceMs - (long)MaxSkew.TotalMilliseconds : null;
}
