using CloudTicks.Polygon.Serving.Messages;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>A channel that a subscription requests.</summary>
/// <param name="Name">The name as the client wrote it, which the acknowledgement repeats.</param>
internal readonly record struct RequestedChannel(string Name, ChannelName Channel);
