using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.Channels;

/// <summary>Receives the ticks of its subscribed channels; implemented by a client's session.</summary>
internal interface ISubscriber
{
    /// <summary>The subscriber's connection as a target of faults.</summary>
    public FaultTarget Target { get; }

    /// <summary>The unsent events; used only by the sender.</summary>
    public FrameBuffer Frame { get; }

    /// <summary>Whether the last frame was written to the socket; used only by the sender.</summary>
    public bool WasLastFrameSent { get; }

    /// <summary>Sends the frame, together with the statuses that wait for it.</summary>
    public ValueTask SendFrameAsync(CancellationToken cancellationToken);
}
