namespace CloudTicks.Relay.Archive;

/// <summary>A channel, or all of a market and kind, and the time from which a client wants its events.</summary>
/// <param name="SinceMs">Unix ms, UTC.</param>
/// <param name="IsShared">Whether the time is that of several channels, so that it may not be the last time of this one.</param>
internal readonly record struct SinceChannel(ChannelSelector Selector, long SinceMs, bool IsShared);
